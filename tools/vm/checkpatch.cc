// SPDX-License-Identifier: GPL-2.0-only
#include "checkpatch.h"

#include "kernel_source.h"

namespace xpoll::vm {

std::filesystem::path checkpatch_directory() {
  const std::filesystem::path source = kernel_source(
      "6.1", {"scripts/checkpatch.pl", "scripts/spelling.txt", "scripts/const_structs.checkpatch"});
  return source / "scripts";
}

}  // namespace xpoll::vm

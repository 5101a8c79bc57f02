// SPDX-License-Identifier: GPL-2.0-only
#include "own_file.h"

#include <fmt/format.h>

#include "failure.h"

namespace run {

namespace fs = std::filesystem;

fs::path own_file(const fs::path& name) {
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path installed = here.parent_path() / "lib" / "xpoll";
  for (const fs::path& place : {here, installed})
    if (fs::exists(place / name)) return place / name;
  throw Failure(Status::refused, fmt::format("{} is neither in {} nor in {}", name.native(),
                                             here.native(), installed.native()));
}

}  // namespace run

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string_view>

namespace xpoll::vm {

/** The processor that a kernel and its programs are for. The host's is amd64. */
enum class Architecture { kAmd64, kArm64 };

constexpr std::string_view debian_name(Architecture architecture) {
  return architecture == Architecture::kArm64 ? "arm64" : "amd64";
}

/** What Debian's names of directories, compilers and binutils begin with. */
constexpr std::string_view triplet(Architecture architecture) {
  return architecture == Architecture::kArm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
}

}  // namespace xpoll::vm

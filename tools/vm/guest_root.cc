// SPDX-License-Identifier: GPL-2.0-only
#include "guest_root.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "fnv.h"
#include "suite.h"
#include "unpacked_packages.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

// What packages.txt has besides compilers and what runs on the host.
const std::vector<std::string> kPackages{
    "bash",
    "busybox-static",
    "coreutils",
    "dash",
    "findutils",
    "gnuplot-nox",
    "grep",
    "iproute2",
    "kmod",
    "libbenchmark-dev",
    "libbpf-dev",
    "libc6-dev",
    "libcli11-dev",
    "libelf-dev",
    "libfmt-dev",
    "libgmock-dev",
    "libgtest-dev",
    "libncurses-dev",
    "libseccomp-dev",
    "libstdc++-12-dev",
    "liburing-dev",
    "libxml2-utils",
    "ncurses-base",
    "nlohmann-json3-dev",
    "perl",
    "procps",
    "sed",
    "util-linux",
};

}  // namespace

std::string guest_root_key(Architecture architecture) {
  if (architecture == Architecture::kAmd64) return "";
  return fmt::format("{:08x}", fnv1a_32(fmt::format("{}", fmt::join(kPackages, " "))));
}

fs::path guest_root(Architecture architecture) {
  if (architecture == Architecture::kAmd64) return {};
  const std::string suite = fmt::format("bookworm:{}", debian_name(architecture));
  update_lists(suite);
  return unpacked_suite(kPackages, suite);
}

}  // namespace xpoll::vm

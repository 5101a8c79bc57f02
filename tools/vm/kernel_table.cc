// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace xpoll::vm {

namespace {

constexpr auto kKernels = std::to_array<Kernel>({
    {"6.1-amd64", "linux-image-amd64", "linux-headers-amd64", "", "", ""},
    {"6.1-cloud", "linux-image-cloud-amd64", "linux-headers-cloud-amd64", "", "", ""},
    {"6.1-rt", "linux-image-rt-amd64", "linux-headers-rt-amd64", "", "", ""},
    {"6.12-amd64", "linux-image-6.12-amd64", "linux-headers-6.12-amd64", "", "", ""},
    {"6.12-cloud", "linux-image-6.12-cloud-amd64", "linux-headers-6.12-cloud-amd64", "", "", ""},
    {"6.12-rt", "linux-image-6.12-rt-amd64", "linux-headers-6.12-rt-amd64", "", "", ""},
    {"13-amd64", "linux-image-amd64", "linux-headers-amd64", "", "", "trixie"},
    {"13-cloud", "linux-image-cloud-amd64", "linux-headers-cloud-amd64", "", "", "trixie"},
    {"13-rt", "linux-image-rt-amd64", "linux-headers-rt-amd64", "", "", "trixie"},
    {"7-amd64", "linux-image-amd64", "linux-headers-amd64", "", "", "trixie-backports"},
    {"7-rt", "linux-image-rt-amd64", "linux-headers-rt-amd64", "", "", "trixie-backports"},
    {"sid-amd64", "linux-image-amd64", "linux-headers-amd64", "", "", "sid"},
    {"arm64-6.12", "linux-image-6.12-arm64", "linux-headers-6.12-arm64", "", "", "bookworm:arm64"},
    {"arm64-13", "linux-image-arm64", "linux-headers-arm64", "", "", "trixie:arm64"},
    {"arm64-7", "linux-image-arm64", "linux-headers-arm64", "", "", "trixie-backports:arm64"},
    {"6.1-debug", "", "", "linux-source-6.1", "debug", ""},
    {"6.1-kcsan", "", "", "linux-source-6.1", "kcsan", ""},
    {"6.1-kmsan", "", "", "linux-source-6.1", "kmsan", ""},
    {"6.12-debug", "", "", "linux-source-6.12", "debug", ""},
    {"6.12-kcsan", "", "", "linux-source-6.12", "kcsan", ""},
    {"6.12-debug-rt", "", "", "linux-source-6.12", "debug-rt", ""},
});

}  // namespace

std::span<const Kernel> all_kernels() { return kKernels; }

const Kernel& find_kernel(std::string_view name) {
  const auto* found = std::ranges::find(kKernels, name, &Kernel::name);
  if (found != kKernels.end()) return *found;
  std::string known;
  for (const Kernel& kernel : kKernels) known += fmt::format(" {}", kernel.name);
  throw std::runtime_error(fmt::format("unknown kernel '{}'; known:{}", name, known));
}

}  // namespace xpoll::vm

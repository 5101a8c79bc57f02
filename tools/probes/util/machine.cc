// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/machine.h"

#include <cpuid.h>
#include <fmt/format.h>

#include <array>
#include <cstring>

namespace probes {
namespace {

/// Four registers, of which the last three may hold a string.
using Leaf = std::array<unsigned, 4>;

Leaf leaf(unsigned number) {
  Leaf registers{};
  __cpuid(number, registers[0], registers[1], registers[2], registers[3]);
  return registers;
}

constexpr unsigned kFeatures = 1;
constexpr unsigned kFeatureHypervisor = 1U << 31U;
constexpr unsigned kHypervisor = 0x40000000;

std::string signature() {
  if ((leaf(kFeatures)[2] & kFeatureHypervisor) == 0) return "";
  const Leaf hypervisor = leaf(kHypervisor);
  std::array<char, 3 * sizeof(unsigned)> text{};
  std::memcpy(text.data(), &hypervisor[1], text.size());
  const std::string name(text.data(), strnlen(text.data(), text.size()));
  return name.empty() ? "without a name" : name;
}

}  // namespace

std::string machine() { return machine_of(signature()); }

std::string machine_of(std::string_view signature) {
  if (signature.empty()) return "real hardware";
  if (signature == "TCGTCGTCGTCG") return "an emulated machine (QEMU's TCG)";
  if (signature == "KVMKVMKVM") return "a virtual machine (KVM)";
  return fmt::format("a virtual machine ({})", signature);
}

}  // namespace probes

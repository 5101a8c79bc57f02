// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/machine.h"

#include <fmt/format.h>

#ifdef __x86_64__
#include <cpuid.h>

#include <array>
#include <cstring>
#else
#include <filesystem>

#include "tools/util/file.h"
#endif

namespace probes {
namespace {

constexpr const char* kEmulated = "an emulated machine (QEMU's TCG)";

#ifdef __x86_64__

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

#endif

}  // namespace

#ifdef __x86_64__

std::string machine() { return machine_of(signature()); }

#else

std::string machine() {
  const std::filesystem::path compatible = "/sys/firmware/devicetree/base/compatible";
  return machine_of(
      std::stoull(xpoll::read_file("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1"),
                  nullptr, 16),
      exists(compatible) ? xpoll::read_file(compatible) : "");
}

#endif

std::string machine_of(std::string_view signature) {
  if (signature.empty()) return "real hardware";
  if (signature == "TCGTCGTCGTCG") return kEmulated;
  if (signature == "KVMKVMKVM") return "a virtual machine (KVM)";
  return fmt::format("a virtual machine ({})", signature);
}

std::string machine_of(std::uint64_t midr, std::string_view compatible) {
  constexpr unsigned kImplementerShift = 24;
  constexpr unsigned kImplementerMask = 0xff;
  // Arm leaves implementer 0 to software, and QEMU's processor "max" has it.
  if ((midr >> kImplementerShift & kImplementerMask) == 0) return kEmulated;
  if (compatible.find("linux,dummy-virt") != std::string_view::npos)
    return "a virtual machine (linux,dummy-virt)";
  return "an arm64 machine, virtual or not";
}

}  // namespace probes

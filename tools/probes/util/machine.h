// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace probes {

/// The machine that the kernel runs on: "an emulated machine (QEMU's TCG)". On x86-64 CPUID tells.
std::string machine();

/// The same for a hypervisor's signature; empty: no hypervisor.
std::string machine_of(std::string_view signature);

/// The same for arm64, where no instruction tells of a hypervisor: from the processor's
/// identification (MIDR_EL1) and the names of the device tree's root, each ended by a zero.
std::string machine_of(std::uint64_t midr, std::string_view compatible);

}  // namespace probes

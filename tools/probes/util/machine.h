// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

namespace probes {

/// The machine that the kernel runs on, from CPUID: "an emulated machine (QEMU's TCG)".
std::string machine();

/// The same for a hypervisor's signature; empty: no hypervisor.
std::string machine_of(std::string_view signature);

}  // namespace probes

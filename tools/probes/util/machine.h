// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <string_view>

namespace probes {

/// What the kernel that runs this program runs on, as the processor says: "an emulated machine
/// (QEMU's TCG)".
std::string machine();

/// The same for the signature that a hypervisor gives; empty: there is none.
std::string machine_of(std::string_view signature);

}  // namespace probes

// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/machine.h"

#include <gtest/gtest.h>

namespace probes {
namespace {

TEST(MachineTest, TellsEmulationFromVirtualMachinesAndHardware) {
  EXPECT_EQ(machine_of("TCGTCGTCGTCG"), "an emulated machine (QEMU's TCG)");
  EXPECT_EQ(machine_of("KVMKVMKVM"), "a virtual machine (KVM)");
  EXPECT_EQ(machine_of("Microsoft Hv"), "a virtual machine (Microsoft Hv)");
  EXPECT_EQ(machine_of(""), "real hardware");
}

}  // namespace
}  // namespace probes

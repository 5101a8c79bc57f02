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

TEST(MachineTest, TellsOnArm64WhatTheProcessorAndTheDeviceTreeShow) {
  using std::string_view_literals::operator""sv;
  constexpr std::uint64_t kMax = 0x000f0510;
  constexpr std::uint64_t kCortexA76 = 0x414fd0b1;
  EXPECT_EQ(machine_of(kMax, "linux,dummy-virt\0"sv), "an emulated machine (QEMU's TCG)");
  EXPECT_EQ(machine_of(kCortexA76, "linux,dummy-virt\0"sv), "a virtual machine (linux,dummy-virt)");
  EXPECT_EQ(machine_of(kCortexA76, "raspberrypi,5-model-b\0brcm,bcm2712\0"sv),
            "an arm64 machine, virtual or not");
  EXPECT_EQ(machine_of(kCortexA76, ""), "an arm64 machine, virtual or not");
}

}  // namespace
}  // namespace probes

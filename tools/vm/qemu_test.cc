// SPDX-License-Identifier: GPL-2.0-only
#include "qemu.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace xpoll::vm {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

PreparedKernel kernel(Share share) {
  PreparedKernel prepared;
  prepared.directory = "/cache/k";
  prepared.share = share;
  return prepared;
}

TEST(Forward, IsTwoPorts) {
  EXPECT_EQ(parse_forward("0:7").host_port, 0);
  EXPECT_EQ(parse_forward("8080:80").guest_port, 80);
}

class BadForward : public testing::TestWithParam<const char*> {};

TEST_P(BadForward, IsRefused) { EXPECT_THROW(parse_forward(GetParam()), std::invalid_argument); }

INSTANTIATE_TEST_SUITE_P(Texts, BadForward,
                         testing::Values("", "7", "7:", ":7", "7:0", "70000:7", "a:7", "1:2x"));

TEST(KernelCommandLine, MakesWarningsFatalAndLeaksVisible) {
  const std::string line = kernel_command_line({}, Architecture::kAmd64);
  EXPECT_THAT(line, HasSubstr("panic_on_warn=1"));
  EXPECT_THAT(line, HasSubstr("oops=panic"));
  EXPECT_THAT(line, HasSubstr("slab_nomerge"));
}

TEST(KernelCommandLine, EndsWithTheUsersWords) {
  Hardware hardware;
  hardware.append = {"a=1", "b"};
  EXPECT_TRUE(kernel_command_line(hardware, Architecture::kAmd64).ends_with(" a=1 b"));
}

TEST(KernelCommandLine, NamesTheConsoleOfTheArchitecture) {
  EXPECT_TRUE(kernel_command_line({}, Architecture::kAmd64).starts_with("console=ttyS0 "));
  const std::string arm64 = kernel_command_line({}, Architecture::kArm64);
  EXPECT_TRUE(arm64.starts_with("console=ttyAMA0 "));
  EXPECT_THAT(arm64, Not(HasSubstr("tsc")));
}

TEST(QemuCommand, OfArm64HasTheControlPortOnThePciBus) {
  PreparedKernel arm64 = kernel(Share::k9p);
  arm64.architecture = Architecture::kArm64;
  const Argv command = qemu_command(arm64, {}, {});
  EXPECT_EQ(command.front(), "qemu-system-aarch64");
  EXPECT_THAT(command, Contains("pci-serial,chardev=control"));
  EXPECT_THAT(command, Contains("/cache/k/Image"));
  EXPECT_THAT(qemu_command(kernel(Share::k9p), {}, {}), Contains("chardev:control"));
}

TEST(QemuCommand, OffersTheRootReadOnlyOver9p) {
  EXPECT_THAT(qemu_command(kernel(Share::k9p), {}, {}),
              Contains("local,id=host,path=/,security_model=none,multidevs=remap,readonly=on"));
}

TEST(QemuCommand, DoublesCommasInPaths) {
  Wiring wiring;
  wiring.output = "/a,b";
  EXPECT_THAT(qemu_command(kernel(Share::k9p), {}, wiring),
              Contains("local,id=out,path=/a,,b,security_model=none,multidevs=remap"));
}

TEST(QemuCommand, SharesTheMemoryWithVirtiofsdOnly) {
  const auto shared = Contains(HasSubstr("memory-backend-memfd"));
  EXPECT_THAT(qemu_command(kernel(Share::kVirtiofs), {}, {}), shared);
  EXPECT_THAT(qemu_command(kernel(Share::k9p), {}, {}), Not(shared));
}

TEST(QemuCommand, EmulatedProcessorsTakeTurnsUnlessAskedOtherwise) {
  Hardware hardware;
  EXPECT_THAT(qemu_command(kernel(Share::k9p), hardware, {}), Contains("tcg,thread=single"));
  hardware.parallel = true;
  EXPECT_THAT(qemu_command(kernel(Share::k9p), hardware, {}), Contains("tcg,thread=multi"));
}

Hardware counting_hardware() {
  Hardware hardware;
  hardware.cpus = 1;
  hardware.icount = true;
  return hardware;
}

TEST(QemuCommand, CountsInstructionsWhenAsked) {
  EXPECT_THAT(qemu_command(kernel(Share::k9p), counting_hardware(), {}),
              Contains("shift=0,sleep=off"));
  EXPECT_THAT(qemu_command(kernel(Share::k9p), {}, {}), Not(Contains("-icount")));
  EXPECT_THAT(kernel_command_line(counting_hardware(), Architecture::kAmd64),
              HasSubstr(" nokaslr"));
  EXPECT_THAT(kernel_command_line({}, Architecture::kAmd64), Not(HasSubstr("nokaslr")));
}

TEST(QemuCommand, EmulatesTheProcessorThatWasAskedFor) {
  Hardware hardware;
  EXPECT_THAT(qemu_command(kernel(Share::k9p), hardware, {}), Contains("max"));
  hardware.cpu = "max,vendor=AuthenticAMD";
  EXPECT_THAT(qemu_command(kernel(Share::k9p), hardware, {}), Contains("max,vendor=AuthenticAMD"));
  hardware.accelerator = Accelerator::kKvm;
  EXPECT_THROW(check_hardware(hardware), std::invalid_argument);
}

TEST(QemuCommand, LoadsThePlugin) {
  Hardware hardware;
  hardware.plugin = "/p.so,depth=2";
  EXPECT_THAT(qemu_command(kernel(Share::k9p), hardware, {}), Contains("/p.so,depth=2"));
}

TEST(Hardware, CountsInstructionsOnOneEmulatedCpuOnly) {
  EXPECT_NO_THROW(check_hardware({}));
  EXPECT_NO_THROW(check_hardware(counting_hardware()));
  Hardware hardware = counting_hardware();
  hardware.cpus = 2;
  EXPECT_THROW(check_hardware(hardware), std::invalid_argument);
  hardware = counting_hardware();
  hardware.accelerator = Accelerator::kKvm;
  EXPECT_THROW(check_hardware(hardware), std::invalid_argument);
  hardware = counting_hardware();
  hardware.parallel = true;
  EXPECT_THROW(check_hardware(hardware), std::invalid_argument);
}

TEST(Hardware, TakesPluginsUnderEmulationOnly) {
  Hardware hardware;
  hardware.plugin = "/p.so";
  EXPECT_NO_THROW(check_hardware(hardware));
  hardware.accelerator = Accelerator::kKvm;
  EXPECT_THROW(check_hardware(hardware), std::invalid_argument);
}

}  // namespace
}  // namespace xpoll::vm

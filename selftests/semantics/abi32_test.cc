// SPDX-License-Identifier: GPL-2.0-only
// The same ABI for 32-bit callers: build/host/abi32 is one, in the directory of this program.
#include <elf.h>
#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>

#include "abi32/layout.h"
#include "tools/util/process.h"
#include "util/each_backend.h"

namespace xpoll::test {
namespace {

std::filesystem::path abi32() {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename("abi32");
}

Outcome run_abi32(const std::string& command) { return xpoll::run({abi32(), command}); }

TEST(Abi32LayoutTest, TheOtherProgramIsOf32Bits) {
#ifdef __aarch64__
  GTEST_SKIP() << "no toolchain for the 32-bit instructions of this processor";
#endif
  std::ifstream program(abi32(), std::ios::binary);
  std::array<char, EI_NIDENT> identification{};
  ASSERT_TRUE(program.read(identification.data(), identification.size())) << abi32();
  EXPECT_EQ(identification[EI_CLASS], ELFCLASS32);
}

TEST(Abi32LayoutTest, SizesOffsetsAndCommandNumbersAreThoseOf64Bits) {
  std::string expected;
  for (const LayoutEntry& entry : kLayout)
    expected += fmt::format("{} {}\n", entry.name, entry.value);
  const Outcome outcome = run_abi32("layout");
  EXPECT_EQ(outcome.out, expected);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

class Abi32Test : public XpollOnly {
 protected:
  void expect_success(const std::string& command) {
    const Outcome outcome = run_abi32(command);
    EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  }
};

TEST_F(Abi32Test, FeaturesAreAnswered) { expect_success("features"); }

TEST_F(Abi32Test, CreateCtlAndWaitWork) { expect_success("events"); }

TEST_F(Abi32Test, EnterAndPostWork) { expect_success("enter"); }

TEST_F(Abi32Test, TheSignalMaskOfAWaitIsHonouredInBothItsHalves) { expect_success("sigmask"); }

}  // namespace
}  // namespace xpoll::test

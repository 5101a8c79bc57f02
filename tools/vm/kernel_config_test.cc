// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <stdexcept>

#include "kernel_table.h"

namespace xpoll::vm {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(KernelConfig, IsPutTogetherFromFragments) {
  const std::string options = config_of_profile("debug").options;
  EXPECT_THAT(options, HasSubstr("CONFIG_EPOLL=y\n"));
  EXPECT_THAT(options, HasSubstr("CONFIG_KASAN=y\n"));
  EXPECT_THAT(options, HasSubstr("CONFIG_PROVE_LOCKING=y\n"));
}

TEST(KernelConfig, RealTimeLeavesOtherPreemptionOut) {
  const std::string options = config_of_profile("debug-rt").options;
  EXPECT_THAT(options, HasSubstr("CONFIG_PREEMPT_RT=y\n"));
  EXPECT_THAT(options, Not(HasSubstr("CONFIG_PREEMPT=y\n")));
}

TEST(KernelConfig, EachProfileHasAKeyOfItsOwn) {
  std::map<std::string, std::string_view> profiles;
  for (const Kernel& kernel : all_kernels()) {
    if (kernel.is_stock()) continue;
    const std::string key = config_of_profile(kernel.profile).key();
    const auto known = profiles.emplace(key, kernel.profile).first;
    EXPECT_EQ(known->second, kernel.profile) << key;
  }
}

TEST(KernelConfig, TheKeyFollowsOptionsAndVariables) {
  const KernelConfig plain{.options = "CONFIG_A=y\n", .variables = {}};
  const KernelConfig other{.options = "CONFIG_A=n\n", .variables = {}};
  const KernelConfig variable{.options = "CONFIG_A=y\n", .variables = {"B=n"}};
  EXPECT_NE(plain.key(), other.key());
  EXPECT_NE(plain.key(), variable.key());
}

TEST(KernelConfig, TheKeyFollowsNeitherOrderNorComments) {
  const KernelConfig plain{.options = "CONFIG_A=y\nCONFIG_B=y\n", .variables = {}};
  const KernelConfig other{.options = "# why\nCONFIG_B=y\nCONFIG_A=y\n", .variables = {}};
  EXPECT_EQ(plain.key(), other.key());
}

TEST(KernelConfig, AnUnknownProfileIsRefused) {
  EXPECT_THROW(config_of_profile("nothing"), std::runtime_error);
}

TEST(KernelConfig, OptionsThatMakeDroppedAreNamed) {
  const std::string asked = "# text\nCONFIG_A=y\nCONFIG_B=7\nCONFIG_C=y\n";
  EXPECT_EQ(dropped_options(asked, "CONFIG_B=7\nCONFIG_A=y\nCONFIG_C=y\n"), "");
  EXPECT_EQ(dropped_options(asked, "CONFIG_A=y\n# CONFIG_C is not set\nCONFIG_B=70\n"),
            " CONFIG_B=7 CONFIG_C=y");
}

}  // namespace
}  // namespace xpoll::vm

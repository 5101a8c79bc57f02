// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace xpoll::vm {
namespace {

TEST(KernelTable, FindsAKernelByItsName) {
  EXPECT_EQ(find_kernel("6.12-rt").image, "linux-image-6.12-rt-amd64");
  EXPECT_FALSE(find_kernel("6.1-debug").is_stock());
}

TEST(KernelTable, AnUnknownNameIsToldTheKnownOnes) {
  try {
    find_kernel("6.1");
    FAIL() << "no exception";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("6.1-cloud"));
  }
}

TEST(KernelTable, EachKernelIsEitherStockOrBuiltHere) {
  for (const Kernel& kernel : all_kernels()) {
    EXPECT_EQ(kernel.source.empty(), !kernel.image.empty()) << kernel.name;
    EXPECT_EQ(kernel.image.empty(), kernel.headers.empty()) << kernel.name;
    EXPECT_EQ(kernel.source.empty(), kernel.profile.empty()) << kernel.name;
  }
}

TEST(KernelTable, OnlyStockKernelsAreOfAnotherSuite) {
  for (const Kernel& kernel : all_kernels()) {
    EXPECT_TRUE(kernel.suite.empty() || kernel.is_stock()) << kernel.name;
  }
  EXPECT_EQ(find_kernel("7-amd64").suite, "trixie-backports");
}

TEST(KernelTable, KnowsAKernelsArchitecture) {
  EXPECT_EQ(find_kernel("arm64-13").architecture(), Architecture::kArm64);
  EXPECT_EQ(find_kernel("13-amd64").architecture(), Architecture::kAmd64);
}

}  // namespace
}  // namespace xpoll::vm

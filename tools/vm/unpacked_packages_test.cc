// SPDX-License-Identifier: GPL-2.0-only
#include "unpacked_packages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xpoll::vm {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

TEST(AptSimulation, GivesTheNewVersionOfWhatWouldBeInstalled) {
  const auto packages = parse_simulation(
      "Reading package lists...\n"
      "The following NEW packages will be installed:\n"
      "  liblzf1 redis-tools\n"
      "Inst liblzf1 (3.6-3 Debian:12.15/oldstable [amd64])\n"
      "Inst redis-tools [5:7.0.15-1~deb12u9] (5:7.0.15-1~deb12u10 Debian-Security:12 [amd64])\n"
      "Conf liblzf1 (3.6-3 Debian:12.15/oldstable [amd64])\n"
      "Conf redis-tools (5:7.0.15-1~deb12u10 Debian-Security:12 [amd64])\n");
  ASSERT_THAT(packages, SizeIs(2));
  EXPECT_EQ(packages[0].name, "liblzf1");
  EXPECT_EQ(packages[0].version, "3.6-3");
  EXPECT_EQ(packages[1].name, "redis-tools");
  EXPECT_EQ(packages[1].version, "5:7.0.15-1~deb12u10");
}

TEST(AptSimulation, OfWhatIsInstalledGivesNothing) {
  EXPECT_THAT(parse_simulation("linux-perf is already the newest version (6.1.192-2).\n"
                               "0 upgraded, 0 newly installed, 0 to remove.\n"),
              IsEmpty());
}

}  // namespace
}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#include "suite.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xpoll::vm {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(SuiteSources, AReleaseHasItsUpdates) {
  EXPECT_THAT(suite_sources("trixie"),
              AllOf(HasSubstr("Suites: trixie trixie-updates\n"),
                    HasSubstr("Suites: trixie-security\n"), Not(HasSubstr("backports"))));
}

TEST(SuiteSources, BackportsAreBesideTheirRelease) {
  EXPECT_THAT(suite_sources("trixie-backports"),
              AllOf(HasSubstr("Suites: trixie trixie-updates trixie-backports\n"),
                    HasSubstr("Suites: trixie-security\n")));
}

TEST(SuiteSources, SidHasNoUpdates) {
  EXPECT_THAT(suite_sources("sid"), AllOf(HasSubstr("Suites: sid\n"), Not(HasSubstr("security"))));
}

TEST(SuiteSources, AreTheSameForEachArchitecture) {
  EXPECT_EQ(suite_sources("trixie:arm64"), suite_sources("trixie"));
}

TEST(SuiteSources, SignaturesAreVerified) {
  for (const char* suite : {"trixie", "trixie-backports", "sid"}) {
    EXPECT_THAT(suite_sources(suite),
                AllOf(HasSubstr("Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"),
                      Not(HasSubstr("rusted"))));
  }
}

TEST(AptOptions, OfTheHostAreNone) { EXPECT_THAT(apt_options(""), IsEmpty()); }

TEST(AptOptions, OfASuiteNameItsOwnListsAndNoPackageOfTheHost) {
  EXPECT_THAT(apt_options("trixie"),
              AllOf(Contains(EndsWith("/apt/trixie/lists")),
                    Contains(EndsWith("/apt/trixie/status")), Contains("Dir::Etc::SourceParts=-")));
}

TEST(AptOptions, NameTheArchitecture) {
  EXPECT_THAT(apt_options("trixie"), Contains("APT::Architectures=amd64"));
  EXPECT_THAT(apt_options("trixie:arm64"), AllOf(Contains("APT::Architectures=arm64"),
                                                 Contains(EndsWith("/trixie:arm64/lists"))));
  EXPECT_THAT(apt_options("trixie-backports:arm64"),
              Contains("APT::Default-Release=trixie-backports"));
}

TEST(AptOptions, OnlyBackportsAreADefaultRelease) {
  EXPECT_THAT(apt_options("trixie-backports"), Contains("APT::Default-Release=trixie-backports"));
  EXPECT_THAT(apt_options("trixie"), Not(Contains(HasSubstr("Default-Release"))));
}

}  // namespace
}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#include "apt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace xpoll::vm {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(AptStanza, GivesNameVersionDependenciesAndSize) {
  const Package package = parse_stanza(
      "Package: linux-headers-6.1.0-56-amd64\n"
      "Version: 6.1.192-2\n"
      "Depends: linux-headers-6.1.0-56-common (= 6.1.192-2), linux-kbuild-6.1 (>= 6.1.192-2), "
      "a | b, python3:any\n"
      "Size: 1061620\n"
      "Description: header files\n");
  EXPECT_EQ(package.name, "linux-headers-6.1.0-56-amd64");
  EXPECT_EQ(package.version, "6.1.192-2");
  EXPECT_THAT(package.depends,
              ElementsAre("linux-headers-6.1.0-56-common", "linux-kbuild-6.1", "a", "python3"));
  EXPECT_EQ(package.size, 1061620);
}

TEST(AptStanza, EndsAtTheEmptyLine) {
  const Package package = parse_stanza("Package: a\nVersion: 2\n\nPackage: b\nVersion: 1\n");
  EXPECT_EQ(package.name, "a");
  EXPECT_EQ(package.version, "2");
  EXPECT_THAT(package.depends, IsEmpty());
}

TEST(DownloadFailure, TellsOldListsFromNoNetwork) {
  EXPECT_THAT(
      [] {
        throw_download_failure(
            "E: Failed to fetch http://deb.debian.org/a.deb  404  Not Found [IP: "
            "203.0.113.80 80]\n");
      },
      testing::ThrowsMessage<std::runtime_error>(HasSubstr("apt-get update")));
  for (const char* complaint :
       {"E: Failed to fetch http://deb.debian.org/a.deb  Temporary failure resolving "
        "'deb.debian.org'\n",
        "E: Failed to fetch http://deb.debian.org/a.deb  Could not connect to deb.debian.org:80 "
        "(203.0.113.80), connection timed out\n",
        "E: Failed to fetch http://deb.debian.org/a.deb  Cannot initiate the connection to "
        "deb.debian.org:80\n"}) {
    EXPECT_THAT([&] { throw_download_failure(complaint); },
                testing::ThrowsMessage<ArchiveUnreachable>(
                    testing::AllOf(HasSubstr("network"), Not(HasSubstr("apt-get update")))));
  }
}

TEST(DownloadFailure, HasNoAdviceForWhatIsNotKnown) {
  EXPECT_THAT([] { throw_download_failure("E: Unmet"); },
              testing::ThrowsMessage<std::runtime_error>("E: Unmet"));
  try {
    throw_download_failure("E: Unmet");
  } catch (const ArchiveUnreachable&) {
    FAIL() << "the archive may have been reached";
  } catch (const std::runtime_error&) {
  }
}

}  // namespace
}  // namespace xpoll::vm

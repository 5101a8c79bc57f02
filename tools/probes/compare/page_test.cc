// SPDX-License-Identifier: GPL-2.0-only
#include "page.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>

#include "picture.h"
#include "sample_comparison.h"
#include "tools/util/process.h"

namespace probes::compare {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Page : public testing::Test {
 protected:
  [[nodiscard]] std::string page() const {
    return to_page(comparison_, to_picture(comparison_, {.head = false, .histograms = true}));
  }

  Comparison comparison_ = sample_comparison();
};

TEST_F(Page, IsWellFormed) {
  const std::filesystem::path file = testing::TempDir() + "/page.html";
  std::ofstream(file) << page();
  EXPECT_EQ(xpoll::run_status({"xmllint", "--noout", file.native()}), 0);
}

TEST_F(Page, RefersToNothingOutsideAndRunsNothing) {
  // XML namespace names look like URLs but are not fetched.
  const std::string text =
      std::regex_replace(page(), std::regex(R"( xmlns(:\w+)?="http://www\.w3\.org/[^"]*")"), "");
  EXPECT_THAT(text, Not(HasSubstr("://")));
  EXPECT_THAT(text, Not(ContainsRegex("src=|href=[\"'][^#]|@import|url\\([^#]|<script")));
}

TEST_F(Page, HasBothSidesThePictureAndTheCaution) {
  EXPECT_THAT(page(), HasSubstr("<tr class=\"whole\"><td>events delivered</td><td>100</td>"
                                "<td>100</td><td>1.00</td><td>1.00</td></tr>"));
  EXPECT_THAT(page(), HasSubstr("<td>tcp_poll → returned</td><td>10</td><td>1.000</td>"));
  EXPECT_THAT(page(), HasSubstr("<svg"));
  EXPECT_THAT(page(), HasSubstr("never speed"));
}

TEST_F(Page, EscapesWhatTheCommandIsCalled) {
  EXPECT_THAT(page(), HasSubstr("server &amp; &lt;client&gt;"));
  EXPECT_THAT(page(), Not(HasSubstr("<client>")));
}

TEST_F(Page, HasAColourForDarkSurroundings) {
  EXPECT_THAT(page(), HasSubstr("@media (prefers-color-scheme: dark)"));
}

TEST_F(Page, DrawsOnlyCountsIfNothingWasFollowed) {
  comparison_.native.path = {};
  comparison_.xpoll.path = {};
  EXPECT_THAT(page(), Not(HasSubstr("Steps, in microseconds")));
  EXPECT_THAT(page(), HasSubstr("Counts, for each event delivered"));
}

TEST_F(Page, WarnsWhereTheSameCodeTookDifferentTimes) {
  EXPECT_THAT(page(), HasSubstr("<p class=\"note\">times can't be compared"));
  comparison_.xpoll.path = comparison_.native.path;
  EXPECT_THAT(page(), Not(HasSubstr("be compared")));
}

TEST_F(Page, SaysWhereAndWhenItWasMade) {
  EXPECT_THAT(page(), HasSubstr("Linux 6.1.0-test on a machine for tests, 2026-11-28"));
}

}  // namespace
}  // namespace probes::compare

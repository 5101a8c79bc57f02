// SPDX-License-Identifier: GPL-2.0-only
#include "picture.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "sample_comparison.h"
#include "tools/util/process.h"

namespace probes::compare {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

TEST(Picture, IsWellFormed) {
  const std::filesystem::path file = testing::TempDir() + "/picture.svg";
  std::ofstream(file) << to_picture(sample_comparison(), {.head = true, .histograms = true});
  EXPECT_EQ(xpoll::run_status({"xmllint", "--noout", file.native()}), 0);
}

TEST(Picture, HasPaperAndInkForLightAndForDarkSurroundings) {
  const std::string picture = to_picture(sample_comparison(), {});
  const std::size_t dark = picture.find("@media (prefers-color-scheme: dark)");
  ASSERT_NE(dark, std::string::npos);
  // The attributes that the style rules select exist.
  for (const char* attribute : {"fill=\"#ffffff\"", "fill=\"black\"", "color=\"black\""})
    EXPECT_NE(picture.find(attribute, picture.find("</style>")), std::string::npos) << attribute;
}

TEST(Picture, IsCalledByWhatItShows) {
  EXPECT_THAT(to_picture(sample_comparison(), {}),
              AllOf(HasSubstr("<title>server &amp; &lt;client&gt;, on native epoll and on xpoll"),
                    Not(HasSubstr("<title>Gnuplot"))));
}

}  // namespace
}  // namespace probes::compare

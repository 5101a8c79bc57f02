// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/view.h"

#include <gmock/gmock.h>

#include <string_view>

namespace top {
namespace {

using testing::HasSubstr;

void press(View& view, std::string_view keys) {
  for (const char key : keys) view.press(static_cast<unsigned char>(key));
}

TEST(ViewTest, EndsByQ) {
  View view("events");
  EXPECT_EQ(view.press('x'), View::Answer::stay);
  EXPECT_EQ(view.press('q'), View::Answer::quit);
}

TEST(ViewTest, SortsByEachColumnInTurn) {
  View view("events");
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < sort_keys().size(); ++i) {
    press(view, "s");
    seen.push_back(view.selection().sort);
  }
  EXPECT_THAT(seen, testing::UnorderedElementsAreArray(sort_keys()));
  EXPECT_EQ(seen.back(), "events");
}

TEST(ViewTest, FiltersByWhatIsTypedOnceItIsEntered) {
  View view("events");
  press(view, "fqs");
  EXPECT_EQ(view.selection().command, "");
  EXPECT_THAT(view.footer(), HasSubstr("filter by command: qs_"));
  press(view, "\n");
  EXPECT_EQ(view.selection().command, "qs");
  EXPECT_EQ(view.selection().sort, "events");
  EXPECT_THAT(view.footer(), HasSubstr("f: filter (qs)"));
}

TEST(ViewTest, ErasesTheLastLetterOfAFilter) {
  View view("events");
  press(view, "fab\x7f\n");
  EXPECT_EQ(view.selection().command, "a");
  press(view, "f\x7f\x7f\n");
  EXPECT_EQ(view.selection().command, "");
}

TEST(ViewTest, LeavesTheFilterAsItWasByEscape) {
  View view("events");
  press(view, "fa\nfbc\x1b");
  EXPECT_EQ(view.selection().command, "a");
  EXPECT_EQ(view.press('q'), View::Answer::quit);
}

TEST(ViewTest, TakesNoKeysOfTheCursorForLetters) {
  View view("events");
  press(view, "f");
  view.press(0402);  // KEY_DOWN
  press(view, "\n");
  EXPECT_EQ(view.selection().command, "");
}

TEST(ViewTest, TellsTheKeysAndWhatTheyHaveSet) {
  EXPECT_EQ(View("wakes").footer(), "q: quit  s: sort (wakes)  f: filter (none)  w: workers");
}

TEST(ViewTest, ChangesBetweenInstancesAndWorkersByW) {
  View view("events");
  EXPECT_FALSE(view.workers());
  press(view, "w");
  EXPECT_TRUE(view.workers());
  EXPECT_THAT(view.footer(), HasSubstr("w: instances"));
  press(view, "w");
  EXPECT_FALSE(view.workers());
  EXPECT_TRUE(View("events", true).workers());
}

}  // namespace
}  // namespace top

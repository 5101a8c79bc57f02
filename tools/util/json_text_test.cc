// SPDX-License-Identifier: GPL-2.0-only
#include "tools/util/json_text.h"

#include <gtest/gtest.h>

namespace xpoll {
namespace {

TEST(JsonText, ReplacesBytesThatAreNoUtf8) {
  const nlohmann::json json{{"comm", "a\xff\xfe z"}};
  EXPECT_EQ(json_text(json), "{\"comm\":\"a\xef\xbf\xbd\xef\xbf\xbd z\"}");
}

TEST(JsonText, KeepsUtf8AndTheOrderOfOrderedMembers) {
  const nlohmann::ordered_json json{{"z", "caf\xc3\xa9"}, {"a", 1}};
  EXPECT_EQ(json_text(json, 2), "{\n  \"z\": \"caf\xc3\xa9\",\n  \"a\": 1\n}");
}

}  // namespace
}  // namespace xpoll

// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "check_options.h"
#include "util/each_backend.h"

namespace xpoll::fuzz {
namespace {

class LongRunTest : public xpoll::test::XpollOnly {};

TEST_F(LongRunTest, XpollCannotBeToldFromNativeEpoll) {
  const auto& [campaign, json_file] = check_options();
  Stage stage;
  const std::optional<Finding> finding = campaign.run(stage, [](std::uint64_t) {});
  if (!json_file.empty())
    std::ofstream(json_file) << to_json(campaign, finding, stage.outcomes).dump(2) << '\n';
  ASSERT_FALSE(finding.has_value()) << to_text(campaign, *finding);
  if (campaign.steps >= kEnoughSteps) {
    EXPECT_THAT(never_succeeded(stage.outcomes), testing::IsEmpty());
  }
}

}  // namespace
}  // namespace xpoll::fuzz

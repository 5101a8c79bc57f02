// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "campaign.h"
#include "outcomes.h"

namespace xpoll::fuzz {

// This many steps reach every operation many times.
constexpr std::uint64_t kEnoughSteps = 100'000;

// The difference, and the test that reproduces it.
std::string to_text(const Campaign& campaign, const Finding& finding);

nlohmann::json to_json(const Campaign& campaign, const std::optional<Finding>& finding,
                       const Outcomes& outcomes);

// Operations that never had their intended effect: the fuzzer does not test what it should.
std::vector<std::string> never_succeeded(const Outcomes& outcomes);

}  // namespace xpoll::fuzz

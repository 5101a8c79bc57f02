// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "models/checks.h"
#include "models/verifier.h"

namespace xpoll::models {

struct Result {
  Check check;
  Verdict verdict;
  double seconds = 0;
};

[[nodiscard]] bool as_expected(const Result& result);

std::string to_table(const std::vector<Result>& results);
nlohmann::json to_json(const std::vector<Result>& results);

}  // namespace xpoll::models

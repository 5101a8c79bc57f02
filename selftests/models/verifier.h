// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "models/checks.h"

namespace xpoll::models {

/** The verifier's result: kHolds, or the first property that failed. */
struct Verdict {
  std::string found;
  std::uint64_t states = 0;
};

/**
 * Parses the output of a verifier. An incomplete search, for lack of memory or depth, is no
 * verdict: throws std::runtime_error.
 */
Verdict parse_verdict(std::string_view output);

/**
 * Builds the verifier in the directory and runs it. If a property fails, the steps to the failure
 * are written to trail.txt.
 */
Verdict verify(const Check& check, const std::filesystem::path& model,
               const std::filesystem::path& directory);

}  // namespace xpoll::models

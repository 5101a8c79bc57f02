// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "models/checks.h"

namespace xpoll::models {

/** What a verifier printed: kHolds, or the property that failed first. */
struct Verdict {
  std::string found;
  std::uint64_t states = 0;
};

/**
 * Reads the output of a verifier that spin made. A search that was not exhaustive, for want of
 * memory or depth, is no verdict: throws std::runtime_error.
 */
Verdict parse_verdict(std::string_view output);

/**
 * Makes the verifier in the directory and runs it. Where a property fails, the steps that lead
 * there are left in trail.txt.
 */
Verdict verify(const Check& check, const std::filesystem::path& model,
               const std::filesystem::path& directory);

}  // namespace xpoll::models

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lockstep.h"
#include "step.h"

namespace xpoll::fuzz {

// The step after which the worlds differed, and the difference.
struct Finding {
  std::uint64_t episode = 0;
  std::uint64_t found_after = 0;  // steps of the whole campaign
  std::vector<Step> steps;        // the last one is the step that differed
  std::string difference;
  // False if the same steps, repeated, passed.
  bool reproducible = true;
};

// Takes the steps in a fresh pair of worlds. Returns the finding, if any.
std::optional<Finding> play(Stage& stage, const std::vector<Step>& steps);

struct Campaign {
  static constexpr std::uint64_t kEpisodeSteps = 300;

  std::uint64_t seed = 1;
  std::uint64_t steps = 0;
  std::uint64_t first_episode = 0;

  // Plays episodes until that many steps are done or a difference is found, which is then shrunk.
  // `progress` is called with the number of steps after each episode.
  std::optional<Finding> run(Stage& stage,
                             const std::function<void(std::uint64_t done)>& progress) const;
};

}  // namespace xpoll::fuzz

// SPDX-License-Identifier: GPL-2.0-only
#include "campaign.h"

#include <algorithm>

#include "divergence.h"
#include "generator.h"
#include "shrink.h"

namespace xpoll::fuzz {
namespace {

// Repeat, because a step that depends on the scheduler may pass once.
constexpr int kReplays = 3;

bool fails_again(Stage& stage, const std::vector<Step>& steps) {
  for (int replay = 0; replay < kReplays; replay++)
    if (play(stage, steps)) return true;
  return false;
}

Finding minimal(Stage& stage, Finding finding) {
  finding.reproducible = fails_again(stage, finding.steps);
  if (!finding.reproducible) return finding;
  finding.steps = shrink(finding.steps, [&](const std::vector<Step>& steps) {
    return play(stage, steps).has_value();
  });
  if (const std::optional<Finding> last = play(stage, finding.steps))
    finding.difference = last->difference;
  return finding;
}

}  // namespace

std::optional<Finding> play(Stage& stage, const std::vector<Step>& steps) {
  Lockstep lockstep(stage);
  for (std::size_t next = 0; next < steps.size(); next++) {
    try {
      steps[next].run(lockstep);
    } catch (const Divergence& divergence) {
      const auto end = steps.begin() + static_cast<std::ptrdiff_t>(next) + 1;
      return Finding{.steps = {steps.begin(), end}, .difference = divergence.what()};
    }
  }
  return std::nullopt;
}

std::optional<Finding> Campaign::run(
    Stage& stage, const std::function<void(std::uint64_t done)>& progress) const {
  std::uint64_t done = 0;
  for (std::uint64_t episode = first_episode; done < steps; episode++) {
    const std::uint64_t length = std::min(kEpisodeSteps, steps - done);
    std::optional<Finding> finding = play(stage, generate_episode(seed, episode, length));
    if (finding) {
      finding->episode = episode;
      finding->found_after = done + finding->steps.size();
      return minimal(stage, std::move(*finding));
    }
    done += length;
    progress(done);
  }
  return std::nullopt;
}

}  // namespace xpoll::fuzz

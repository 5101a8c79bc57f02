// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "attack/board.h"
#include "tools/util/backend.h"

namespace xpoll::attack {

struct AttackerPlan {
  Backend backend;
  std::uint64_t seed;
  std::size_t number;
  // The name of the only act, or empty for all.
  std::string act;
};

// Makes the calling process an attacker: without privilege, with limits, and with namespaces of its
// own where the kernel allows that. Carries out acts in further processes, a few at once, and kills
// each after a time. Goes on until it is killed; then all of its processes end.
[[noreturn]] void attack(const AttackerPlan& plan, Board& board);

// Kills the processes of all attackers' users at once, so that none of them can have just forked.
void kill_attackers();

}  // namespace xpoll::attack

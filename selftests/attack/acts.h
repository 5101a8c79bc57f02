// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <span>

#include "attack/board.h"
#include "fuzz/random.h"
#include "tools/util/backend.h"

namespace xpoll::attack {

using fuzz::Random;

// What an act has to do with.
struct Scene {
  Backend backend;
  Random& random;
  Peers& peers;
  ActCount& count;

  // The act got as far as its attack.
  void effect() const { count.effects.fetch_add(1, std::memory_order_relaxed); }
  bool xpoll() const { return backend.is_xpoll(); }
  int below(int limit) const {
    return static_cast<int>(random.below(static_cast<std::uint64_t>(limit)));
  }
  // From 1 on.
  int up_to(int limit) const { return 1 + below(limit); }
  // Few enough to be soon prepared on a kernel with debugging options, or so many that they tell.
  int many() const {
    constexpr std::array kSizes{40, 300, 1500};
    return up_to(random.pick(kSizes));
  }
};

// An attack by a process of its own. Most go on until the process is killed. Results of calls are
// not looked at: what is refused is refused. A descriptor or thread that can't be had ends the act.
struct Act {
  const char* name;
  void (*run)(const Scene& scene);
  // Not possible with every kernel's configuration or version.
  bool optional = false;
};

// All of them, in an order that stays, since a seed names them by number.
std::span<const Act> acts();

// acts_*.cc
void churn_instances(const Scene& scene);
void nest_wide(const Scene& scene);
void nest_cycles(const Scene& scene);
void send_instances(const Scene& scene);
void many_dups(const Scene& scene);
void many_files(const Scene& scene);
void many_instances(const Scene& scene);
void expensive_client(const Scene& scene);
void exit_with_watches(const Scene& scene);
void close_watched(const Scene& scene);
void stalled_call(const Scene& scene);
void punched_buffer(const Scene& scene);
void fork_with_ring(const Scene& scene);
void read_fdinfo(const Scene& scene);
void stop_and_kill(const Scene& scene);
void trace_peers(const Scene& scene);
void crowd_of_waiters(const Scene& scene);
void group_policies(const Scene& scene);
void post_flood(const Scene& scene);
void busy_poll(const Scene& scene);
void hanging_poll(const Scene& scene);

}  // namespace xpoll::attack

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace xpoll::attack {

constexpr std::size_t kActsMax = 32;
constexpr std::size_t kAttackersMax = 32;
// Acts that an attacker has going at once.
constexpr std::size_t kAtOnce = 3;

// What the victim's client measured.
struct Service {
  std::atomic<std::uint64_t> requests{0};
  // The longest time without a reply.
  std::atomic<std::uint64_t> longest_ns{0};
  // Calls of the service that failed as no call of it should.
  std::atomic<std::uint64_t> failures{0};
  // errno of the latest of these.
  std::atomic<int> failure{0};
};

struct ActCount {
  std::atomic<std::uint64_t> started{0};
  // How often it got as far as its attack.
  std::atomic<std::uint64_t> effects{0};
};

// The processes that carry out one attacker's acts. Their numbers are those of their PID namespace.
using Peers = std::array<std::atomic<pid_t>, kAtOnce>;

// One slice of a campaign: the victim and its attackers.
struct Board {
  Service service;
  std::array<ActCount, kActsMax> acts;
  std::array<Peers, kAttackersMax> peers{};
  // Attackers that have a user and a PID namespace of their own.
  std::atomic<unsigned> user_namespaces{0};
  std::atomic<unsigned> pid_namespaces{0};
};

}  // namespace xpoll::attack

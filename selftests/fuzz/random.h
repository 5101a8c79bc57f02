// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <random>

namespace xpoll::fuzz {

// Gives the same numbers for the same seed with every C++ library. The standard fixes the engine
// but not the distributions, so the distributions are implemented here.
class Random {
 public:
  // Each episode of a seed has its own stream.
  Random(std::uint64_t seed, std::uint64_t episode) : engine_(mix(mix(seed) + episode)) {}

  std::uint64_t bits() { return engine_(); }
  // 0 to limit - 1. The bias of the remainder is far too small to matter here.
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }
  bool chance(std::uint64_t percent) { return below(100) < percent; }

  template <typename T, std::size_t N>
  const T& pick(const std::array<T, N>& from) {
    return from[below(N)];
  }

 private:
  // splitmix64, so that adjacent seeds give unrelated streams.
  static std::uint64_t mix(std::uint64_t value) {
    value += 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
  }

  std::mt19937_64 engine_;
};

}  // namespace xpoll::fuzz

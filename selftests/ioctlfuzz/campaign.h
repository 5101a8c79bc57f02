// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ioctlfuzz/tally.h"

namespace xpoll::ioctlfuzz {

struct Options {
  std::uint64_t seed = 1;
  // Of all threads together.
  std::uint64_t steps = 20'000;
  unsigned threads = 3;
};

// Of the module's code, as KCOV tells it.
struct Coverage {
  std::size_t places = 0;
  std::size_t windows = 0;
};

// One seed's steps: the same ones in each run, except where coverage steers, or threads share the
// corpus that comes of it. Return: the coverage, if the kernel tells it.
std::optional<Coverage> run(const Options& options, Tally& tally);

}  // namespace xpoll::ioctlfuzz

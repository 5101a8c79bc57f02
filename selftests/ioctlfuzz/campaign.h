// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ioctlfuzz/tally.h"

namespace xpoll::ioctlfuzz {

struct Options {
  std::uint64_t seed = 1;
  // Sum over all threads.
  std::uint64_t steps = 20'000;
  unsigned threads = 3;
};

// Of the module's code, from KCOV.
struct Coverage {
  std::size_t places = 0;
  std::size_t windows = 0;
};

// Runs one seed's steps: the same in each run, except where coverage steers them or threads share a
// corpus. Return: the coverage, if the kernel provides it.
std::optional<Coverage> run(const Options& options, Tally& tally);

}  // namespace xpoll::ioctlfuzz

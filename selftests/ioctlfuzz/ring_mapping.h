// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>

#include "fuzz/random.h"

namespace xpoll::ioctlfuzz {

// One thread's mapping of a ready ring. It outlives its descriptor.
class RingMapping {
 public:
  RingMapping() = default;
  RingMapping(const RingMapping&) = delete;
  RingMapping& operator=(const RingMapping&) = delete;
  ~RingMapping() { unmap(); }

  // Maps the ring of a new instance in place of the last one. Return: 0, or -1 and errno.
  int map(int fd, xpoll::fuzz::Random& random);
  // Writes anything anywhere into it.
  void write(xpoll::fuzz::Random& random);

 private:
  void unmap();

  std::uint32_t* words_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace xpoll::ioctlfuzz

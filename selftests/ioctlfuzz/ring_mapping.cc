// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/ring_mapping.h"

#include <linux/xpoll.h>
#include <sys/mman.h>
#include <unistd.h>

namespace xpoll::ioctlfuzz {

using xpoll::fuzz::Random;

// Rings are of two pages or more, but for small spoiled arguments that fail.
int RingMapping::map(int fd, Random& random) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t size = page * (random.chance(90) ? 1 + random.below(2) : random.below(400));
  const int protection = PROT_READ | PROT_WRITE | (random.chance(5) ? PROT_EXEC : 0);
  const int sharing = random.chance(95) ? MAP_SHARED : MAP_PRIVATE;
  const std::size_t offset = XPOLL_RING_OFFSET + (random.chance(5) ? page : 0);
  void* const at = mmap(nullptr, size, protection, sharing, fd, static_cast<off_t>(offset));
  if (at == MAP_FAILED) return -1;
  unmap();
  words_ = static_cast<std::uint32_t*>(at);
  size_ = size;
  return 0;
}

void RingMapping::write(Random& random) {
  constexpr std::size_t kHeaderWords = sizeof(struct xpoll_ring_header) / sizeof(std::uint32_t);
  if (!words_) return;
  for (int writes = 0; writes < 64; ++writes) {
    // mostly where it matters
    const std::size_t word =
        random.chance(60) ? random.below(kHeaderWords) : random.below(size_ / sizeof(*words_));
    const auto value =
        static_cast<std::uint32_t>(random.chance(50) ? random.bits() : random.below(64));
    __atomic_store_n(&words_[word], value, __ATOMIC_RELAXED);
  }
}

void RingMapping::unmap() {
  if (words_) munmap(words_, size_);
  words_ = nullptr;
}

}  // namespace xpoll::ioctlfuzz

// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/table.h"

#include <sys/mman.h>

#include <array>
#include <cstdint>
#include <ctime>
#include <utility>

#include "util/worker_table.h"

namespace xpoll::ioctlfuzz {
namespace {

using xpoll::fuzz::Random;

std::uint64_t now_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

void store(__u64& word, std::uint64_t value) { __atomic_store_n(&word, value, __ATOMIC_RELAXED); }

}  // namespace

int Table::map(int number, Random& random) {
  const std::size_t page = xpoll::test::WorkerTable::size();
  if (workers_ && random.chance(30)) return map_over(number);
  const std::size_t size = random.chance(10) ? random.below(3 * page) : page;
  const off_t offset = random.chance(10) ? static_cast<off_t>(random.below(3) * page) : 0;
  const int sharing = random.chance(90) ? MAP_SHARED : MAP_PRIVATE;
  void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, sharing, number, offset);
  if (at == MAP_FAILED) return -1;
  // A write beyond the end of a file would raise SIGBUS.
  if (offset != 0 || size != page) {
    munmap(at, size);
    return 0;
  }
  unmap();
  workers_ = static_cast<xpoll_worker*>(at);
  return 0;
}

// If this fails, the old mapping may or may not exist. Do not unmap it, since another thread may
// have mapped something there.
int Table::map_over(int number) {
  void* at = std::exchange(workers_, nullptr);
  if (mmap(at, xpoll::test::WorkerTable::size(), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED,
           number, 0) == MAP_FAILED)
    return -1;
  workers_ = static_cast<xpoll_worker*>(at);
  return 0;
}

void Table::write(Random& random) {
  if (!workers_) return;
  for (int writes = 0; writes < XPOLL_WORKERS_MAX; ++writes) {
    xpoll_worker& worker = workers_[random.below(XPOLL_WORKERS_MAX)];
    const std::uint64_t now = now_ns();
    store(worker.load, random.chance(50) ? random.below(3) : random.bits());
    store(worker.heartbeat_ns, random.pick(std::array{std::uint64_t{0}, std::uint64_t{1}, now,
                                                      now + now, random.bits()}));
    store(worker.reserved[0], random.bits());
  }
}

void Table::unmap() {
  if (workers_) munmap(workers_, xpoll::test::WorkerTable::size());
  workers_ = nullptr;
}

}  // namespace xpoll::ioctlfuzz

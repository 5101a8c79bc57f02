// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_memory.h"

#include <fmt/format.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <thread>

namespace bench {
namespace {

constexpr std::int64_t kPage = 4096;
constexpr std::int64_t kKilobyte = 1024;

struct Slabs {
  KernelMemory in_use;
  std::int64_t allocated = 0;
};

/// Lines of /proc/slabinfo 2.1:
/// name active total size per_slab pages_per_slab : tunables a b c : slabdata active_slabs slabs
/// shared
Slabs read_slabs() {
  std::ifstream file("/proc/slabinfo");
  if (!file) throw std::runtime_error("cannot read /proc/slabinfo, which needs root");
  Slabs slabs;
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string name;
    std::string skipped;
    std::int64_t active = 0, total = 0, size = 0, per_slab = 0, pages = 0, active_slabs = 0,
                 all = 0;
    if (!(words >> name >> active >> total >> size >> per_slab >> pages)) continue;
    for (int word = 0; word < 7; ++word) words >> skipped;
    if (!(words >> active_slabs >> all)) continue;
    slabs.in_use[name] = active * (pages * kPage / per_slab);
    slabs.allocated += all * pages * kPage;
  }
  return slabs;
}

std::int64_t meminfo(const std::string& field) {
  std::ifstream file("/proc/meminfo");
  std::string name;
  std::int64_t kilobytes = 0;
  std::string rest;
  while (file >> name >> kilobytes && std::getline(file, rest)) {
    if (name == field + ":") return kilobytes * kKilobyte;
  }
  throw std::runtime_error(fmt::format("no {} in /proc/meminfo", field));
}

KernelMemory read_kernel_memory() {
  // Each processor batches updates of these counters; a write here folds them in.
  std::ofstream("/proc/sys/vm/stat_refresh") << "1\n";
  const Slabs slabs = read_slabs();
  KernelMemory memory = slabs.in_use;
  memory["large kmalloc"] = meminfo("Slab") - slabs.allocated;
  memory["vmalloc"] = meminfo("VmallocUsed");
  return memory;
}

}  // namespace

KernelMemory settled_kernel_memory() {
  constexpr std::chrono::milliseconds kFreeingDelay{100};
  constexpr int kTries = 50;
  KernelMemory last = read_kernel_memory();
  for (int attempt = 0; attempt < kTries; ++attempt) {
    syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
    std::this_thread::sleep_for(kFreeingDelay);
    KernelMemory now = read_kernel_memory();
    if (now == last) return now;
    last = std::move(now);
  }
  return last;
}

KernelMemory growth(const KernelMemory& before, const KernelMemory& now) {
  KernelMemory grown;
  for (const auto& [place, bytes] : now) {
    const auto found = before.find(place);
    const std::int64_t more = bytes - (found == before.end() ? 0 : found->second);
    if (more != 0) grown[place] = more;
  }
  return grown;
}

std::int64_t sum(const KernelMemory& memory) {
  std::int64_t total = 0;
  for (const auto& [place, bytes] : memory) total += bytes;
  return total;
}

}  // namespace bench

// SPDX-License-Identifier: GPL-2.0-only
#include "faults/state.h"

#include <fmt/format.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <functional>
#include <sstream>
#include <string_view>

#include "tools/util/backend.h"
#include "util/stats.h"
#include "util/watched.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

// A device without a group has no counters.
std::string stats_text(int descriptor) {
  struct xpoll_stats stats {};
  if (ioctl(descriptor, XPOLL_IOC_STATS, &stats) < 0) return fmt::format("errno {}", errno);
  std::ostringstream text;
  PrintTo(stats, &text);
  return text.str();
}

// The table of workers, if there is one.
std::string table_text(int descriptor) {
  const std::size_t size = WorkerTable::size();
  void* table = mmap(nullptr, size, PROT_READ, MAP_SHARED, descriptor, 0);
  if (table == MAP_FAILED) return fmt::format("errno {}", errno);
  const std::string text =
      fmt::format("{:x}", std::hash<std::string_view>{}({static_cast<char*>(table), size}));
  munmap(table, size);
  return text;
}

std::string open_descriptors() {
  Lines numbers;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    numbers.push_back(entry.path().filename());
  std::ranges::sort(numbers);
  return fmt::format("{}", fmt::join(numbers, " "));
}

std::string signal_mask() {
  sigset_t mask;
  checked(sigprocmask(SIG_SETMASK, nullptr, &mask), "sigprocmask");
  std::string bits;
  for (int signal = 1; signal < NSIG; ++signal) bits += sigismember(&mask, signal) == 1 ? '1' : '0';
  return bits;
}

}  // namespace

Lines state_of(const std::vector<int>& descriptors) {
  Lines lines{"open: " + open_descriptors(), "blocked: " + signal_mask()};
  for (const int descriptor : descriptors) {
    lines.push_back(fmt::format("{} counts {}", descriptor, stats_text(descriptor)));
    lines.push_back(fmt::format("{} table {}", descriptor, table_text(descriptor)));
    for (const std::string& watch : fdinfo_lines(descriptor))
      lines.push_back(fmt::format("{} watches {}", descriptor, watch));
  }
  return lines;
}

Lines delivered_by(const std::vector<int>& instances) {
  Lines lines;
  for (const int instance : instances) {
    for (const epoll_event& event : Backend::xpoll().ready(instance))
      lines.push_back(fmt::format("{} delivers {:#x} for {}", instance, std::uint32_t{event.events},
                                  std::uint64_t{event.data.u64}));
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace xpoll::test

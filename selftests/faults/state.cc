// SPDX-License-Identifier: GPL-2.0-only
#include "faults/state.h"

#include <fmt/format.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <sstream>

#include "util/backend.h"
#include "util/stats.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

// A device without a group has none.
std::string statsText(int descriptor) {
  struct xpoll_stats stats {};
  if (ioctl(descriptor, XPOLL_IOC_STATS, &stats) < 0) return fmt::format("errno {}", errno);
  std::ostringstream text;
  PrintTo(stats, &text);
  return text.str();
}

std::string openDescriptors() {
  Lines numbers;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    numbers.push_back(entry.path().filename());
  std::ranges::sort(numbers);
  return fmt::format("{}", fmt::join(numbers, " "));
}

std::string signalMask() {
  sigset_t mask;
  checked(sigprocmask(SIG_SETMASK, nullptr, &mask), "sigprocmask");
  std::string bits;
  for (int signal = 1; signal < NSIG; ++signal) bits += sigismember(&mask, signal) == 1 ? '1' : '0';
  return bits;
}

}  // namespace

Lines stateOf(const std::vector<int>& descriptors) {
  Lines lines{"open: " + openDescriptors(), "blocked: " + signalMask()};
  for (const int descriptor : descriptors) {
    lines.push_back(fmt::format("{} counts {}", descriptor, statsText(descriptor)));
    for (const std::string& watch : fdinfoLines(descriptor))
      lines.push_back(fmt::format("{} watches {}", descriptor, watch));
  }
  return lines;
}

Lines deliveredBy(const std::vector<int>& instances) {
  Lines lines;
  for (const int instance : instances) {
    for (const epoll_event& event : Backend::xpoll().ready(instance))
      lines.push_back(fmt::format("{} delivers {:#x} for {}", instance, std::uint32_t{event.events},
                                  std::uint64_t{event.data.u64}));
  }
  std::ranges::sort(lines);
  return lines;
}

}  // namespace xpoll_test

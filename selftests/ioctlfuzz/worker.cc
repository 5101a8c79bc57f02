// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/worker.h"

#include <fmt/format.h>
#include <linux/xpoll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <cerrno>
#include <map>
#include <string_view>
#include <vector>

#include "tools/util/checked.h"
#include "util/matchers.h"

namespace xpoll::ioctlfuzz {
namespace {

using Act = void (Worker::*)(Random&);

// The errors in uapi/linux/xpoll.h. Descriptors of other types can return further ones.
const std::map<std::string_view, std::vector<int>> kErrors{
    {"FEATURES", {EFAULT}},
    {"CREATE", {EFAULT, EINVAL, ESRCH, EMFILE, ENFILE, ENOMEM, EOPNOTSUPP}},
    {"CREATE_RING", {EFAULT, EINVAL, ESRCH, EMFILE, ENFILE, ENOMEM}},
    {"GROUP", {ENOMEM, ENOSPC}},
    {"KEY", {EFAULT, ENODATA}},
    {"STATS", {EFAULT, ENODATA}},
    {"CTL", {EFAULT, EBADF, EPERM, EINVAL, ELOOP, EEXIST, ENOENT, ENOSPC, ENOMEM}},
    {"CHANGE", {EFAULT, EBADF, EPERM, EINVAL, ELOOP, EEXIST, ENOENT, ENOSPC, ENOMEM, EOPNOTSUPP}},
    {"WAIT", {EFAULT, EINVAL, EINTR}},
    {"ENTER", {EFAULT, EINVAL, EINTR}},
    {"POST", {EFAULT, EINVAL, ENOMEM}},
    {"WAKE", {EFAULT, EINVAL, EPERM, EBADF, ENOMEM, ENOSPC}},
    {"WORKER", {EFAULT, EINVAL}},
    {"SET_BUSY_POLL", {EFAULT, EINVAL, EPERM, EOPNOTSUPP}},
    {"GET_BUSY_POLL", {EFAULT, EOPNOTSUPP}},
    {"mmap", {ENODEV, EINVAL, EACCES, ENOMEM}},
    {"map", {EINVAL, EPERM, ENOMEM}},
    {"unknown", {}},
    {"unload", {EWOULDBLOCK}},
};

// The error of native epoll for an unknown command: since 6.9 it has commands of its own, and
// returns EINVAL for all others.
int error_of_native_epoll() {
  const xpoll::unique_fd ep = xpoll::checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  return ioctl(ep.get(), XPOLL_IOC_STATS, nullptr) < 0 ? errno : 0;
}

bool is_lawful(std::string_view call, int error) {
  // A closed descriptor, an unknown command, a terminal whose other end is closed.
  static const std::array of_other_kinds{EBADF, ENOTTY, EIO, error_of_native_epoll()};
  return std::ranges::count(of_other_kinds, error) > 0 ||
         std::ranges::count(kErrors.at(call), error) > 0;
}

}  // namespace

std::vector<std::string> calls_that_succeed() {
  const bool polls = access("/proc/sys/net/core/busy_poll", F_OK) == 0;
  std::vector<std::string> calls;
  for (const auto& [call, errors] : kErrors) {
    if (call == "unknown" || call == "unload") continue;
    if (!polls && call.ends_with("_BUSY_POLL")) continue;  // a kernel for PREEMPT_RT
    calls.emplace_back(call);
  }
  return calls;
}

void Arguments::meddle(Random& random) {
  const std::array<Cell*, 5> cells{&outer, &events, &sigmask, &time, &changes};
  random.pick(cells)->meddle(random);
}

void Worker::judge(const char* call, long result, bool must_fail) {
  const int error = result < 0 ? errno : 0;
  tally_.count(call, error);
  if (error == 0 && must_fail)
    tally_.violation(fmt::format("step {:#x}: {} succeeded", number_, call));
  if (error != 0 && !is_lawful(call, error))
    tally_.violation(fmt::format("step {:#x}: {} failed with {}", number_, call,
                                 xpoll::test::errno_text(error)));
}

void Worker::step(std::uint64_t number) {
  struct Choice {
    unsigned percent;
    Act act;
  };
  static constexpr std::array kChoices{
      Choice{2, &Worker::features},    Choice{3, &Worker::create},
      Choice{2, &Worker::create_ring}, Choice{2, &Worker::group},
      Choice{3, &Worker::stats},       Choice{12, &Worker::ctl},
      Choice{12, &Worker::wait},       Choice{13, &Worker::enter},
      Choice{6, &Worker::change},      Choice{4, &Worker::post},
      Choice{3, &Worker::wake},        Choice{1, &Worker::number},
      Choice{1, &Worker::busy_poll},   Choice{3, &Worker::unknown_command},
      Choice{8, &Worker::open_slot},   Choice{3, &Worker::dup_slot},
      Choice{5, &Worker::close_slot},  Choice{2, &Worker::pass_slot},
      Choice{6, &Worker::stir},        Choice{2, &Worker::write_ring},
      Choice{2, &Worker::poll_slots},  Choice{1, &Worker::map_table},
      Choice{2, &Worker::write_table}, Choice{1, &Worker::read_fdinfo},
      Choice{1, &Worker::unload},
  };
  number_ = number;
  Random random(number, 0);
  // Less than one percent, since it takes longer than all other acts.
  if (random.below(1000) < 3) return fork(random);
  std::uint64_t left = random.below(100);
  for (const Choice& choice : kChoices) {
    if (left < choice.percent) return (this->*choice.act)(random);
    left -= choice.percent;
  }
}

}  // namespace xpoll::ioctlfuzz

// SPDX-License-Identifier: GPL-2.0-only
// Extended events against plain ones, by the same call. Native epoll has none.
#include <sys/ioctl.h>

#include <stdexcept>
#include <vector>

#include "each_backend.h"
#include "registry.h"
#include "tools/util/eventfd.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

using xpoll::checked;

constexpr int kReady = 1'000;

// What a row asks for.
struct Events {
  const char* name;
  unsigned enter_flags;
  unsigned change_flags;
};
constexpr Events kPlain{"plain", 0, 0};
constexpr Events kExtended{"extended", XPOLL_ENTER_EXTENDED, 0};
constexpr Events kWithTime{"time", XPOLL_ENTER_EXTENDED, XPOLL_CHANGE_TIME};

class Instance {
 public:
  Instance(const Events& events, const WatchedSet& set, std::uint32_t bits)
      : fd_(xpoll::checked_fd(xpoll_create1(EPOLL_CLOEXEC), "xpoll_create1")), room_(kReady) {
    for (int i = 0; i < kReady; ++i) {
      struct xpoll_change add {};
      add.op = EPOLL_CTL_ADD;
      add.flags = static_cast<__u16>(events.change_flags);
      add.fd = set[i];
      add.events = bits;
      checked(ioctl(fd_.get(), XPOLL_IOC_CHANGE, &add), "XPOLL_IOC_CHANGE");
    }
    call_.events = reinterpret_cast<std::uintptr_t>(room_.data());
    call_.maxevents = kReady;
    call_.flags = events.enter_flags;
  }

  void wait() {
    if (checked(ioctl(fd_.get(), XPOLL_IOC_ENTER, &call_), "XPOLL_IOC_ENTER") != kReady)
      throw std::runtime_error("not all events came");
  }

 private:
  const xpoll::unique_fd fd_;
  std::vector<struct xpoll_event> room_;
  struct xpoll_enter call_ {};
};

/// A wait that finds all of a set ready, for each event.
void wait_with_all_ready(benchmark::State& state, const Settings& settings, Kind kind,
                         const Events& events) {
  const WatchedSet set(kind, kReady);
  for (int i = 0; i < kReady; ++i) set.make_readable(i);
  drop_kept_instance();
  Instance instance(events, set, EPOLLIN);
  Measurement(state, settings, kReady).run([&] { instance.wait(); });
}

/// A wake-up and the delivery of its event.
void wake_and_wait(benchmark::State& state, const Settings& settings, const Events& events) {
  const WatchedSet set(Kind::kEventfd, kReady);
  drop_kept_instance();
  Instance instance(events, set, EPOLLIN | EPOLLET);
  Measurement(state, settings, kReady).run([&] {
    for (int i = 0; i < kReady; ++i) set.make_readable(i);
    instance.wait();
  });
}

}  // namespace

void register_extended(const Settings& settings) {
  if (!settings.xpoll || settings.calls) return;
  for (const Events& events : {kPlain, kExtended, kWithTime}) {
    for (const Kind kind : {Kind::kEventfd, Kind::kUnix, Kind::kTcp})
      add_benchmark(
          settings, fmt::format("extended_wait_{}", kind_name(kind)), events.name,
          [=](auto& state) { wait_with_all_ready(state, settings, kind, events); }, kReady);
    add_benchmark(
        settings, "extended_wake_eventfd", events.name,
        [=](auto& state) { wake_and_wait(state, settings, events); }, kReady);
  }
}

}  // namespace bench

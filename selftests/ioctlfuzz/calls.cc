// SPDX-License-Identifier: GPL-2.0-only
#include <linux/time_types.h>
#include <linux/xpoll.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>

#include <algorithm>
#include <csignal>
#include <limits>

#include "ioctlfuzz/worker.h"
#include "util/raw.h"

namespace xpoll::ioctlfuzz {
namespace {

using xpoll::test::with_direction;
using xpoll::test::with_size;

constexpr std::int64_t kShortestNs = 1;
constexpr std::int64_t kShortNs = 1'000'000;
constexpr std::uint32_t kSigsetSize = 8;
constexpr int kFewEvents = 16;
constexpr std::uint32_t kCreateFlags = XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES;

template <typename T>
std::string_view bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

// Mostly the valid value, sometimes random bits.
template <typename T>
T spoil(Random& random, T value) {
  return random.chance(3) ? static_cast<T>(random.bits()) : value;
}

bool is_readable(const Place& place) {
  return place.access == Access::kGood || place.access == Access::kReadOnly;
}

std::uint32_t random_events(Random& random) {
  constexpr std::array<std::uint32_t, 8> kModes{0,
                                                EPOLLET,
                                                EPOLLONESHOT,
                                                EPOLLET | EPOLLONESHOT,
                                                EPOLLEXCLUSIVE,
                                                EPOLLEXCLUSIVE | EPOLLET,
                                                EPOLLWAKEUP,
                                                EPOLLWAKEUP | EPOLLET};
  constexpr std::array<std::uint32_t, 5> kWants{EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT,
                                                EPOLLIN | EPOLLRDHUP | EPOLLPRI, 0};
  return spoil(random, random.pick(kWants) | random.pick(kModes));
}

std::uint32_t random_flags(Random& random, int op) {
  const std::uint32_t close = random.chance(20) ? XPOLL_CHANGE_CLOSE : 0U;
  const std::uint32_t cookie = random.chance(20) ? XPOLL_CHANGE_COOKIE : 0U;
  const std::uint32_t only = random.chance(10) ? XPOLL_CHANGE_ONLY : 0U;
  const std::uint32_t time = random.chance(20) ? XPOLL_CHANGE_TIME : 0U;
  const std::uint32_t removed = random.chance(20) ? XPOLL_CHANGE_REMOVED : 0U;
  if (op == EPOLL_CTL_ADD) return close | cookie | only | time | removed;
  if (op == EPOLL_CTL_MOD) return cookie | only;
  return op == XPOLL_CTL_UPSERT ? close | only | time | removed : cookie;
}

// Of one of the first watches of an instance, or of none.
void put_cookie(Random& random, struct xpoll_change& change) {
  change.fd = static_cast<int>(random.below(20));
  change.result = spoil(random, static_cast<int>(random.below(8)));
}

// A change that mostly finds its watch ready, whose event ENTER may then keep for the caller's
// array, and one that may be of the same watch.
void put_pair(Random& random, struct xpoll_change& first, struct xpoll_change& second) {
  first.op = random.pick(
      std::array<__u16, 4>{EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_MOD, XPOLL_CTL_UPSERT});
  first.flags = 0;
  first.events = EPOLLIN | EPOLLOUT | EPOLLONESHOT;
  second.op = random.pick(std::array<__u16, 3>{EPOLL_CTL_MOD, EPOLL_CTL_DEL, XPOLL_CTL_UPSERT});
  second.flags = random.pick(std::array<__u16, 3>{0, XPOLL_CHANGE_SLOT, XPOLL_CHANGE_COOKIE});
  second.fd = second.flags == XPOLL_CHANGE_SLOT ? static_cast<int>(random.below(70)) : first.fd;
  if (second.flags == XPOLL_CHANGE_COOKIE) put_cookie(random, second);
}

// SIGUSR1 stays unblocked: it ends waits that nothing else ends.
std::uint64_t random_sigmask(Random& random) {
  return random.bits() & ~(std::uint64_t{1} << (SIGUSR1 - 1));
}

// A command's number but for its direction. Every number that differs from it in that is unknown.
constexpr unsigned long other_direction(unsigned long command) {
  constexpr unsigned long kBoth = _IOC_READ | _IOC_WRITE;
  return with_direction(command, _IOC_DIR(command) == kBoth ? _IOC_WRITE : kBoth);
}

}  // namespace

void Worker::features(Random& random) {
  const Place place = arguments_.outer.place(random, sizeof(struct xpoll_features));
  judge("FEATURES", ioctl(slots_.pick_as_device(random), XPOLL_IOC_FEATURES, place.address),
        place.access == Access::kBad || place.access == Access::kReadOnly);
}

void Worker::create(Random& random) {
  const struct xpoll_create_keyed create {
    .flags = spoil(random, (random.chance(50) ? XPOLL_CLOEXEC : 0U) |
                               (random.chance(30) ? XPOLL_CREATE_CLOSE_REMOVES : 0U)),
    .group = random.chance(70) ? 0U : static_cast<std::uint32_t>(random.below(200)),
    .key = random.bits()
  };
  const unsigned long command = random.chance(50) ? XPOLL_IOC_CREATE : XPOLL_IOC_CREATE_KEYED;
  const std::size_t size = _IOC_SIZE(command);
  const Place place = arguments_.outer.place(random, size, bytes_of(create).substr(0, size));
  unique_fd created(ioctl(slots_.pick_as_device(random), command, place.address));
  judge("CREATE", created.get(),
        place.access == Access::kBad || (is_readable(place) && (create.flags & ~kCreateFlags)));
  if (created.valid()) slots_.put(slots_.pick_target(random), created);
}

void Worker::create_ring(Random& random) {
  struct xpoll_create_ring create {};
  create.flags = spoil(random, XPOLL_CLOEXEC + 0U);
  create.group = random.chance(70) ? 0U : static_cast<std::uint32_t>(random.below(200));
  create.key = random.bits();
  create.slots = spoil(random, random.chance(95) ? 2U << random.below(6) : 1U << random.below(32));
  for (__u32& reserved : create.reserved) reserved = spoil(random, 0U);
  const Place place = arguments_.outer.place(random, sizeof(create), bytes_of(create));
  unique_fd created(ioctl(slots_.pick_as_device(random), XPOLL_IOC_CREATE_RING, place.address));
  const bool wrong = (create.flags & ~XPOLL_CLOEXEC) || create.slots < XPOLL_RING_SLOTS_MIN ||
                     create.slots > XPOLL_RING_SLOTS_MAX || (create.slots & (create.slots - 1)) ||
                     create.reserved[0] || create.reserved[1] || create.reserved[2];
  judge("CREATE_RING", created.get(),
        place.access == Access::kBad || (is_readable(place) && wrong));
  if (!created.valid()) return;
  judge("map", ring_.map(created.get(), random), false);
  slots_.put(slots_.pick_target(random), created);
}

void Worker::group(Random& random) {
  judge("GROUP", ioctl(slots_.pick_as_device(random), XPOLL_IOC_GROUP, random.bits()), false);
  const Place place = arguments_.outer.place(random, sizeof(std::uint64_t));
  judge("KEY", ioctl(slots_.pick_as_device(random), XPOLL_IOC_KEY, place.address),
        place.access == Access::kBad || place.access == Access::kReadOnly);
}

void Worker::stats(Random& random) {
  const Place place = arguments_.outer.place(random, sizeof(struct xpoll_stats));
  judge("STATS",
        ioctl(random.chance(50) ? slots_.pick_as_instance(random) : slots_.pick_as_device(random),
              XPOLL_IOC_STATS, place.address),
        place.access == Access::kBad || place.access == Access::kReadOnly);
}

void Worker::ctl(Random& random) {
  constexpr std::array kOps{EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_ADD,
                            EPOLL_CTL_MOD, EPOLL_CTL_MOD, EPOLL_CTL_DEL};
  epoll_event event{};
  event.events = random_events(random);
  event.data.u64 = random.bits();
  const Place event_place = arguments_.events.place(random, sizeof(event), bytes_of(event));
  const struct xpoll_ctl ctl {
    .op = spoil(random, random.pick(kOps)), .fd = slots_.pick_as_target(random),
    .event = event_place.address
  };
  const Place place = arguments_.outer.place(random, sizeof(ctl), bytes_of(ctl));
  const bool bad_op = ctl.op != EPOLL_CTL_ADD && ctl.op != EPOLL_CTL_MOD && ctl.op != EPOLL_CTL_DEL;
  judge("CTL", ioctl(slots_.pick_as_instance(random), XPOLL_IOC_CTL, place.address),
        place.access == Access::kBad ||
            (is_readable(place) &&
             (bad_op || (ctl.op != EPOLL_CTL_DEL && event_place.access == Access::kBad))));
}

void Worker::wait(Random& random) {
  constexpr std::array<std::int64_t, 6> kTimeouts{
      0, 0, kShortestNs, kShortNs, -1, std::numeric_limits<std::int64_t>::max()};
  struct xpoll_wait wait {};
  wait.maxevents = spoil(random, static_cast<int>(1 + random.below(kFewEvents)));
  wait.events =
      arguments_.events
          .place(random, static_cast<std::size_t>(std::clamp(wait.maxevents, 1, kFewEvents)) *
                             sizeof(epoll_event))
          .address;
  wait.timeout_ns = random.pick(kTimeouts);
  wait.worker = spoil(random, random.chance(20) ? 1U + random.below(XPOLL_WORKERS_MAX) : 0U);
  wait.flags = spoil(random, random.chance(20) ? XPOLL_WAIT_ABSTIME : 0U);
  bool must_fail = wait.maxevents <= 0 || wait.worker > XPOLL_WORKERS_MAX ||
                   (wait.flags & ~(XPOLL_WAIT_ABSTIME | XPOLL_WAIT_TIMESPEC)) != 0;
  if (random.chance(20)) {
    wait.flags |= XPOLL_WAIT_TIMESPEC;
    const __kernel_timespec time{.tv_sec = spoil(random, 0LL),
                                 .tv_nsec = spoil(random, static_cast<long long>(kShortNs))};
    const Place place = arguments_.time.place(random, sizeof(time), bytes_of(time));
    wait.timeout_ns = static_cast<std::int64_t>(place.address);
    must_fail |= place.access == Access::kBad && place.address != 0;
  }
  if (random.chance(20)) {
    const std::uint64_t mask = random_sigmask(random);
    Place place = arguments_.sigmask.place(random, sizeof(mask), bytes_of(mask));
    wait.sigsetsize = spoil(random, kSigsetSize);
    wait.sigmask = place.address;
    must_fail |=
        wait.sigmask != 0 && (place.access == Access::kBad || wait.sigsetsize != kSigsetSize);
  }
  const Place place = arguments_.outer.place(random, sizeof(wait), bytes_of(wait));
  must_fail = place.access == Access::kBad || (is_readable(place) && must_fail);
  judge("WAIT", ioctl(slots_.pick_as_instance(random), XPOLL_IOC_WAIT, place.address), must_fail);
}

void Worker::enter(Random& random) {
  constexpr std::array<std::uint32_t, 7> kOps{EPOLL_CTL_ADD,   EPOLL_CTL_ADD, EPOLL_CTL_MOD,
                                              EPOLL_CTL_MOD,   EPOLL_CTL_MOD, EPOLL_CTL_DEL,
                                              XPOLL_CTL_UPSERT};
  constexpr std::array<std::int64_t, 5> kTimeouts{0, 0, kShortestNs, kShortNs, -1};
  constexpr std::array<std::uint64_t, 4> kPatience{0, kShortestNs, kShortNs,
                                                   std::numeric_limits<std::uint64_t>::max()};
  // Two batches and a bit; they fit into a page.
  std::array<struct xpoll_change, 40> changes{};
  struct xpoll_enter enter {};
  enter.nchanges = spoil(random, static_cast<std::uint32_t>(random.below(changes.size() + 1)));
  const std::size_t count = std::min<std::size_t>(enter.nchanges, changes.size());
  for (std::size_t i = 0; i < count; ++i) {
    changes[i].op = static_cast<__u16>(spoil(random, random.pick(kOps)));
    changes[i].flags = static_cast<__u16>(spoil(random, random_flags(random, changes[i].op)));
    changes[i].fd = slots_.pick_as_target(random);
    if (random.chance(20)) {
      changes[i].flags = XPOLL_CHANGE_SLOT;
      changes[i].fd = static_cast<int>(random.below(70));
    }
    changes[i].events = random_events(random);
    changes[i].result = 1;
    changes[i].data = random.bits();
    if (changes[i].op != EPOLL_CTL_ADD && (changes[i].flags & XPOLL_CHANGE_COOKIE))
      put_cookie(random, changes[i]);
    if (i > 0 && random.chance(15)) put_pair(random, changes[i - 1], changes[i]);
  }
  // an array without elements has no place
  const std::size_t size = std::max<std::size_t>(count, 1) * sizeof(struct xpoll_change);
  enter.changes =
      arguments_.changes.place(random, size, {reinterpret_cast<const char*>(changes.data()), size})
          .address;
  enter.maxevents = spoil(random, static_cast<int>(random.below(kFewEvents + 1)));
  enter.timeout_ns = random.pick(kTimeouts);
  enter.minevents = spoil(random, random.chance(60) ? 0U : 1U + random.below(4));
  enter.min_wait_ns = random.pick(kPatience);
  enter.worker = spoil(random, random.chance(20) ? 1U + random.below(XPOLL_WORKERS_MAX) : 0U);
  enter.flags = spoil(random, random.chance(30) ? XPOLL_ENTER_STOP : 0U);
  if (random.chance(10)) enter.flags |= XPOLL_ENTER_ABSTIME;
  if (random.chance(10)) enter.flags |= XPOLL_ENTER_RESTART;
  if (random.chance(20)) {
    enter.flags |= XPOLL_ENTER_RING;
    enter.maxevents = spoil(random, 0);
  }
  if (random.chance(30)) enter.flags |= XPOLL_ENTER_EXTENDED;
  const bool extended = enter.flags & XPOLL_ENTER_EXTENDED;
  const std::size_t event_size = extended ? sizeof(struct xpoll_event) : sizeof(epoll_event);
  enter.events =
      arguments_.events
          .place(random,
                 static_cast<std::size_t>(std::clamp(enter.maxevents, 1, kFewEvents)) * event_size)
          .address;
  enter.batch = random.chance(extended ? 50 : 1) ? random.bits() : 0;
  const bool ring = enter.flags & XPOLL_ENTER_RING;
  for (__u64& reserved : enter.reserved) reserved = random.chance(1) ? random.bits() : 0;
  bool must_fail =
      enter.worker > XPOLL_WORKERS_MAX || enter.maxevents < 0 ||
      (ring ? enter.maxevents != 0 || enter.minevents > XPOLL_RING_SLOTS_MAX
            : enter.minevents > static_cast<std::uint32_t>(std::max(enter.maxevents, 0))) ||
      enter.nchanges > XPOLL_CHANGES_MAX || enter.reserved[0] != 0 || enter.reserved[1] != 0 ||
      (enter.batch != 0 && !extended) || (ring && extended) ||
      (enter.flags & ~(XPOLL_ENTER_ABSTIME | XPOLL_ENTER_STOP | XPOLL_ENTER_RING |
                       XPOLL_ENTER_RESTART | XPOLL_ENTER_EXTENDED)) != 0;
  if (random.chance(20)) {
    const std::uint64_t mask = random_sigmask(random);
    const Place place = arguments_.sigmask.place(random, sizeof(mask), bytes_of(mask));
    enter.sigsetsize = spoil(random, kSigsetSize);
    enter.sigmask = place.address;
    must_fail |=
        enter.sigmask != 0 && (place.access == Access::kBad || enter.sigsetsize != kSigsetSize);
  }
  const Place place = arguments_.outer.place(random, sizeof(enter), bytes_of(enter));
  // done and failed are written
  must_fail = place.access == Access::kBad || place.access == Access::kReadOnly ||
              (place.access == Access::kGood && must_fail);
  judge("ENTER", ioctl(slots_.pick_as_instance(random), XPOLL_IOC_ENTER, place.address), must_fail);
}

void Worker::change(Random& random) {
  struct xpoll_change change {};
  change.op = random.pick(
      std::array<__u16, 4>{EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, XPOLL_CTL_UPSERT});
  change.flags = static_cast<__u16>(spoil(random, random_flags(random, change.op)));
  change.fd = slots_.pick_as_target(random);
  change.events = random_events(random);
  change.data = random.bits();
  if (change.op != EPOLL_CTL_ADD && (change.flags & XPOLL_CHANGE_COOKIE))
    put_cookie(random, change);
  const Place place = arguments_.outer.place(random, sizeof(change), bytes_of(change));
  const bool wrong =
      (change.flags & ~(XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_COOKIE | XPOLL_CHANGE_ONLY |
                        XPOLL_CHANGE_REMOVED | XPOLL_CHANGE_TIME)) != 0;
  judge("CHANGE", ioctl(slots_.pick_as_instance(random), XPOLL_IOC_CHANGE, place.address),
        place.access == Access::kBad || (is_readable(place) && wrong));
}

void Worker::post(Random& random) {
  const std::uint64_t data = random.bits();
  const Place place = arguments_.outer.place(random, sizeof(data), bytes_of(data));
  judge("POST", ioctl(slots_.pick_as_instance(random), XPOLL_IOC_POST, place.address),
        place.access == Access::kBad);
}

void Worker::wake(Random& random) {
  constexpr std::array<std::uint64_t, 4> kLimits{0, 1, kShortNs,
                                                 std::numeric_limits<std::uint64_t>::max()};
  struct xpoll_wake wake {};
  wake.policy = spoil(random, static_cast<std::uint32_t>(random.below(XPOLL_WAKE_BPF + 1)));
  const bool by_program = wake.policy == XPOLL_WAKE_BPF;
  wake.prog_fd = spoil(random, by_program ? programs_.pick(random) : 0);
  wake.heartbeat_ns = spoil(random, random.pick(kLimits));
  for (__u64& reserved : wake.reserved) reserved = spoil(random, 0ULL);
  const Place place = arguments_.outer.place(random, sizeof(wake), bytes_of(wake));
  const bool wrong = wake.policy > XPOLL_WAKE_BPF || (!by_program && wake.prog_fd != 0) ||
                     wake.reserved[0] != 0 || wake.reserved[1] != 0;
  judge("WAKE",
        ioctl(random.chance(50) ? slots_.pick_as_instance(random) : slots_.pick_as_device(random),
              XPOLL_IOC_WAKE, place.address),
        place.access == Access::kBad || (is_readable(place) && wrong));
}

void Worker::number(Random& random) {
  const auto number =
      spoil(random, static_cast<std::uint32_t>(random.below(XPOLL_WORKERS_MAX + 2)));
  const Place place = arguments_.outer.place(random, sizeof(number), bytes_of(number));
  judge("WORKER", ioctl(slots_.pick_as_instance(random), XPOLL_IOC_WORKER, place.address),
        place.access == Access::kBad || (is_readable(place) && number > XPOLL_WORKERS_MAX));
}

void Worker::busy_poll(Random& random) {
  constexpr std::uint32_t kMostUs = std::numeric_limits<std::int32_t>::max();
  constexpr std::array<std::uint32_t, 5> kTimesUs{0, 1, 1'000, kMostUs, kMostUs + 1U};
  const struct xpoll_busy_poll set {
    .usecs = spoil(random, random.pick(kTimesUs)),
    .budget = spoil(random, static_cast<__u16>(random.below(70))),
    .prefer = spoil(random, static_cast<__u8>(random.below(2))), .reserved = spoil(random, __u8{0})
  };
  Place place = arguments_.outer.place(random, sizeof(set), bytes_of(set));
  judge("SET_BUSY_POLL",
        ioctl(slots_.pick_as_instance(random), XPOLL_IOC_SET_BUSY_POLL, place.address),
        place.access == Access::kBad ||
            (is_readable(place) && (set.usecs > kMostUs || set.prefer > 1 || set.reserved != 0)));
  place = arguments_.outer.place(random, sizeof(set));
  judge("GET_BUSY_POLL",
        ioctl(slots_.pick_as_instance(random), XPOLL_IOC_GET_BUSY_POLL, place.address),
        place.access == Access::kBad || place.access == Access::kReadOnly);
}

void Worker::unknown_command(Random& random) {
  constexpr std::array<unsigned long, 14> kKnown{
      XPOLL_IOC_FEATURES,    XPOLL_IOC_CREATE, XPOLL_IOC_CTL,  XPOLL_IOC_WAIT,
      XPOLL_IOC_GROUP,       XPOLL_IOC_STATS,  XPOLL_IOC_KEY,  XPOLL_IOC_CREATE_KEYED,
      XPOLL_IOC_WAKE,        XPOLL_IOC_WORKER, XPOLL_IOC_POST, XPOLL_IOC_ENTER,
      XPOLL_IOC_CREATE_RING, XPOLL_IOC_CHANGE};
  constexpr unsigned kFirstFree = 15;
  const std::array<unsigned long, 4> unknown{
      with_size(random.pick(kKnown), 8), other_direction(random.pick(kKnown)),
      _IOC(random.below(4), XPOLL_IOC_MAGIC, kFirstFree + random.below(250), random.below(1 << 14)),
      _IOC(_IOC_NONE, XPOLL_IOC_MAGIC, kFirstFree, 0)};
  const Place place = arguments_.outer.place(random, sizeof(struct xpoll_wait));
  judge("unknown", ioctl(slots_.pick_as_instance(random), random.pick(unknown), place.address),
        true);
}

}  // namespace xpoll::ioctlfuzz

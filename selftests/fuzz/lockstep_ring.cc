// SPDX-License-Identifier: GPL-2.0-only
// The steps on instances with a ready ring, each against an instance of native epoll.
//
// The bits in a ring say what happened, where native epoll says what is. So these are compared,
// each time that all events are taken in both worlds:
// - the ring has an event of each watch that native epoll has one of;
// - bits for which the kernel has to ask (kAsked) are there if native epoll told them since the
//   last change of the watch; one with EPOLLONESHOT tells of one wake-up only, so it may miss some;
// - so are bits that a wake-up tells of (woken_bits()), if native epoll told them and they are
// still
//   ready: they were told since the last change, and since the last time that they were not ready;
// - an event, or a bit for which the kernel has to ask, that native epoll does not have is not
//   there any more; EPOLLIN of what wakes with it only when it is ready (wakes_if_readable()) was
//   there at the end of a step since the last time that all events were taken;
// - EPOLLHUP and EPOLLRDHUP are there, since they stay;
// - afterwards nothing is ready, unless a watch is level-triggered.
#include <fmt/format.h>
#include <poll.h>
#include <sys/epoll.h>
#include <xpoll/ring.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <vector>

#include "divergence.h"
#include "lockstep.h"
#include "util/enter.h"

namespace xpoll::fuzz {
namespace {

constexpr std::uint32_t kSlotsOfARing = 256;
// More than one instance can watch, as its files have kSlots descriptors.
constexpr int kRoom = 256;
constexpr std::uint32_t kAsked = EPOLLPRI | EPOLLERR | EPOLLHUP | EPOLLRDHUP;
constexpr std::uint32_t kFlags = EPOLLET | EPOLLONESHOT | EPOLLWAKEUP | EPOLLEXCLUSIVE;
// A level-triggered watch is told of each time, others can't have more to tell than in two rounds.
constexpr int kRounds = 4;

// The calls' common result: -1 with errno, else 0 or the number of a slot.
int change_in_ring(int epfd, struct xpoll_change change, bool by_enter) {
  if (!by_enter) return ioctl(epfd, XPOLL_IOC_CHANGE, &change);
  xpoll::test::Enter call(epfd, {change}, 0);
  if (call.call() < 0) return -1;
  if (call.changes[0].result >= 0) return call.changes[0].result;
  errno = -call.changes[0].result;
  return -1;
}

// Bits that become ready by a wake-up only, which tells them. A socket may have room for more
// output before it wakes anybody.
std::uint32_t woken_bits(Kind kind) {
  const bool tells_room = kind == Kind::kPipe || kind == Kind::kEventfd;
  return tells_room ? EPOLLIN | EPOLLOUT : EPOLLIN;
}

// Urgent data wakes with EPOLLIN, too, before a socket is readable.
bool wakes_if_readable(Kind kind) { return kind != Kind::kTcp; }

bool is_level(std::uint32_t events) { return !(events & (EPOLLET | EPOLLONESHOT)); }

}  // namespace

void Lockstep::ring(int slot) {
  const Effects effects = effects_of_close({slot});
  const bool made = both("ring", [&](World& world) -> long {
    unique_fd fd(world.backend().is_native() ? epoll_create1(EPOLL_CLOEXEC)
                                             : xpoll_ring_create(kSlotsOfARing, EPOLL_CLOEXEC));
    if (!fd.valid()) return -1;
    world.place(slot, std::move(fd));
    return 0;
  });
  if (made) {
    slots_[slot] = Kind::kRing;
    rings_[slot] = {.level = Backend::native().instance(), .watches = {}, .taken = {}};
  }
  finish(effects);
}

Lockstep::RingWatches::iterator Lockstep::find_ring_watch(int instance, int slot) {
  RingWatches& watches = rings_[instance].watches;
  return std::ranges::find_if(watches, [&](const RingWatches::value_type& each) {
    return each.second.slot == slot && each.second.placed == native_.placed(slot);
  });
}

void Lockstep::ring_change(std::string_view operation, RingCall call, int instance, int op,
                           const RingWatch& wanted, std::uint64_t data) {
  if (slots_[instance] != Kind::kRing || is_instance(slots_[wanted.slot]))
    return nothing_to_do(operation);
  Ring& ring = rings_[instance];
  const auto old = find_ring_watch(instance, wanted.slot);
  RingWatch watch = wanted;
  watch.placed = native_.placed(watch.slot);
  watch.woken = woken_bits(slots_[watch.slot]);
  watch.in_if_readable = wakes_if_readable(slots_[watch.slot]);
  if (old != ring.watches.end()) {
    watch.number = old->second.number;
    watch.seen = old->second.seen;  // the ring keeps bits that the watch still waits for
  }
  const bool by_number = call == RingCall::kNumber;
  if (by_number && (watch.number == 0 || slots_[watch.slot] == Kind::kNone))
    return nothing_to_do(operation);

  const auto make = [&](World& world) -> long {
    epoll_event event{.events = watch.events, .data = {.u64 = data}};
    if (world.backend().is_native())
      return world.backend().ctl(world.fd(instance), op, world.fd(watch.slot), &event);
    struct xpoll_change change = xpoll::test::change_of(
        op, by_number ? watch.number : world.fd(watch.slot), watch.events, data);
    if (by_number) change.flags = XPOLL_CHANGE_SLOT;
    const int result = change_in_ring(world.fd(instance), change, call == RingCall::kEnter);
    if (result > 0) watch.number = result;
    return result < 0 ? -1 : 0;
  };
  if (both(operation, make)) {
    epoll_event event{.events = watch.events & ~kFlags, .data = {.u64 = data}};
    checked(epoll_ctl(ring.level.get(), op, native_.fd(watch.slot), &event), "epoll_ctl");
    if (old != ring.watches.end()) {
      ring.taken.erase(old->first);
      ring.watches.erase(old);
    }
    if (op != EPOLL_CTL_DEL) ring.watches[data] = watch;
  }
  finish();
}

void Lockstep::ring_ctl(int instance, int op, int slot, std::uint32_t events, std::uint64_t data) {
  ring_change("ring_ctl", RingCall::kSingle, instance, op, {.slot = slot, .events = events}, data);
}

void Lockstep::ring_enter(int instance, int op, int slot, std::uint32_t events,
                          std::uint64_t data) {
  ring_change("ring_enter", RingCall::kEnter, instance, op, {.slot = slot, .events = events}, data);
}

void Lockstep::ring_by_number(int instance, int op, int slot, std::uint32_t events,
                              std::uint64_t data) {
  if (op == EPOLL_CTL_ADD) return nothing_to_do("ring_by_number");
  ring_change("ring_by_number", RingCall::kNumber, instance, op, {.slot = slot, .events = events},
              data);
}

Lockstep::RingEvents Lockstep::take_from(const World& world, int instance, int way) {
  RingEvents taken;
  std::array<epoll_event, kRoom> room;
  const int fd = world.fd(instance);
  const auto by_wait = [&] {
    const int count = checked(world.backend().wait(fd, room.data(), kRoom, 0), "wait");
    for (int i = 0; i < count; i++) taken[std::uint64_t{room[i].data.u64}] |= room[i].events;
  };
  if (world.backend().is_native()) {
    by_wait();
    return taken;
  }
  struct xpoll_ring ring {};
  struct xpoll_ring_event event {};
  checked(xpoll_ring_map(fd, &ring), "xpoll_ring_map");
  const auto keep = [&] { taken[event.data] |= event.events; };
  for (int round = 0; round < kRounds; round++) {
    if (round > 0) checked(xpoll_ring_wait(fd, 1, 0), "xpoll_ring_wait");
    if (way == 0) {
      while (xpoll_ring_take(&ring, &event)) keep();
    } else if (way == 1) {
      xpoll_ring_walk walk = xpoll_ring_begin(&ring);
      while (xpoll_ring_next(&walk, &event)) keep();
      xpoll_ring_end(&walk);
    } else if (way == 2) {
      for (bool more = xpoll_ring_own(&ring, &event); more;
           more = xpoll_ring_release(&ring, &event) || xpoll_ring_own(&ring, &event))
        keep();
    } else {
      by_wait();
    }
  }
  checked(xpoll_ring_unmap(&ring), "xpoll_ring_unmap");
  return taken;
}

void Lockstep::forget_ended_watches(int instance) {
  const std::vector<Watch> alive = native_.watches(instance);
  Ring& ring = rings_[instance];
  std::erase_if(ring.watches, [&](const RingWatches::value_type& each) {
    const bool ended = std::ranges::find(alive, each.first, &Watch::data) == alive.end();
    if (ended) ring.taken.erase(each.first);
    return ended;
  });
}

// A watch whose only event was a false one, for native epoll's still waits for one.
void Lockstep::rearm(int instance, const RingWatches::value_type& watch) {
  struct xpoll_change change =
      xpoll::test::change_of(EPOLL_CTL_MOD, watch.second.number, watch.second.events, watch.first);
  change.flags = XPOLL_CHANGE_SLOT;
  checked(change_in_ring(xpoll_.fd(instance), change, true), "re-arming a watch by its slot");
  stage_.outcomes.count("ring events", "re-armed");
}

Lockstep::RingEvents Lockstep::ready_in(const Ring& ring) {
  RingEvents ready;
  std::array<epoll_event, kRoom> room;
  const int count = checked(epoll_wait(ring.level.get(), room.data(), kRoom, 0), "epoll_wait");
  for (int i = 0; i < count; i++) ready[std::uint64_t{room[i].data.u64}] |= room[i].events;
  return ready;
}

void Lockstep::note_ready_in_rings() {
  for (auto& [instance, ring] : rings_) {
    if (slots_[instance] != Kind::kRing) continue;
    for (const auto& [data, bits] : ready_in(ring))
      if (const auto watch = ring.watches.find(data); watch != ring.watches.end())
        watch->second.seen |= bits;
  }
}

void Lockstep::compare_ring(int instance, const RingEvents& native, const RingEvents& xpoll) {
  Ring& ring = rings_[instance];
  RingEvents ready = ready_in(ring);

  const auto differ = [&](std::uint64_t data, std::string_view what) {
    const auto bits = [data](const RingEvents& events) {
      const auto event = events.find(data);
      return event == events.end() ? "nothing" : fmt::format("{:#x}", event->second);
    };
    throw Divergence(fmt::format("ring {}, data {:#x}: {}: native {}, ring {}; ready now: {}",
                                 instance, data, what, bits(native), bits(xpoll), bits(ready)));
  };
  for (const auto& [data, bits] : native) {
    if (!xpoll.contains(data)) differ(data, "an event is missing");
    stage_.outcomes.count("ring events", "the same");
  }
  for (const auto& [data, bits] : xpoll) {
    const auto event = native.find(data);
    const auto watch = ring.watches.find(data);
    if (watch == ring.watches.end()) {  // posted
      if (event == native.end() || event->second != bits) differ(data, "not a watch's");
      stage_.outcomes.count("ring events", "posted");
      continue;
    }
    RingWatch& watched = watch->second;
    if (bits & ~(watched.events | EPOLLERR | EPOLLHUP)) differ(data, "not asked for");
    if (bits & (EPOLLHUP | EPOLLRDHUP) & ~ready[data]) differ(data, "an end that has not come");
    if (watched.in_if_readable && (bits & EPOLLIN & ~watched.seen))
      differ(data, "it was never readable");
    const bool once = watched.events & EPOLLONESHOT;
    if (event != native.end()) {
      watched.told[0] |= event->second & (kAsked | (watched.woken & ready[data]));
      watched.told[1] |= bits;
      if (!once && (watched.told[0] & ~watched.told[1])) differ(data, "bits are missing");
      if (bits & ~event->second & kAsked & ready[data]) differ(data, "bits too many");
      continue;
    }
    if (bits & ready[data]) differ(data, "an event too many");
    stage_.outcomes.count("ring events", "in the ring only");
    if (once) rearm(instance, *watch);
  }
  for (auto& [data, watch] : ring.watches) {
    for (std::uint32_t& told : watch.told) told &= ~watch.woken | ready[data];
    watch.seen = ready[data];
  }
}

void Lockstep::ring_take_some(int instance, int most) {
  if (slots_[instance] != Kind::kRing || !xpoll_.backend().is_xpoll())
    return nothing_to_do("ring_take_some");
  struct xpoll_ring ring {};
  struct xpoll_ring_event event {};
  checked(xpoll_ring_map(xpoll_.fd(instance), &ring), "xpoll_ring_map");
  for (int left = most; left > 0 && xpoll_ring_take(&ring, &event); left--)
    rings_[instance].taken[event.data] |= event.events;
  checked(xpoll_ring_unmap(&ring), "xpoll_ring_unmap");
  stage_.outcomes.count("ring_take_some", kDone);
  finish();
}

void Lockstep::ring_take(int instance, int way) {
  if (slots_[instance] != Kind::kRing) return nothing_to_do("ring_take");
  forget_ended_watches(instance);
  const RingEvents native = take_from(native_, instance, way);
  RingEvents xpoll = take_from(xpoll_, instance, way);
  for (const auto& [data, bits] : std::exchange(rings_[instance].taken, {})) xpoll[data] |= bits;
  compare_ring(instance, native, xpoll);
  const RingWatches& watches = rings_[instance].watches;
  if (std::ranges::none_of(watches, [](const auto& each) { return is_level(each.second.events); }))
    for (const World* world : {&native_, &xpoll_}) {
      pollfd polled{.fd = world->fd(instance), .events = POLLIN, .revents = 0};
      if (checked(::poll(&polled, 1, 0), "poll") != 0)
        throw Divergence(fmt::format("ring {}: {} is ready after all events were taken", instance,
                                     world->backend().name()));
    }
  stage_.outcomes.count("ring_take", kDone);
  finish();
}

}  // namespace xpoll::fuzz

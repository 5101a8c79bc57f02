// SPDX-License-Identifier: GPL-2.0-only
// The steps that call epoll.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <span>
#include <string>
#include <vector>

#include "change.h"
#include "divergence.h"
#include "lockstep.h"
#include "util/enter.h"

namespace xpoll::fuzz {
namespace {

const char* operation_name(int op, bool nested) {
  switch (op) {
    case EPOLL_CTL_ADD:
      return nested ? "ctl ADD nested" : "ctl ADD";
    case EPOLL_CTL_MOD:
      return nested ? "ctl MOD nested" : "ctl MOD";
    case EPOLL_CTL_DEL:
      return nested ? "ctl DEL nested" : "ctl DEL";
    default:
      return "ctl other";
  }
}

const char* change_name(std::int64_t op) {
  switch (op) {
    case EPOLL_CTL_ADD:
      return "enter ADD";
    case EPOLL_CTL_MOD:
      return "enter MOD";
    case EPOLL_CTL_DEL:
      return "enter DEL";
    case Change::kUpsert:
      return "enter UPSERT";
    default:
      return "enter other";
  }
}

int result_of(int value) { return value < 0 ? -errno : 0; }

// The results of calls of epoll_ctl(2) that do what ENTER does.
int change_by_calls(const World& world, int instance, const Change& change) {
  epoll_event event{};
  event.events = change.events;
  event.data.u64 = change.data;
  const auto call = [&](int op) {
    const int slot = static_cast<int>(change.slot);
    return result_of(world.backend().ctl(world.fd(instance), op, world.fd(slot), &event));
  };
  if (change.op != Change::kUpsert) return call(static_cast<int>(change.op));
  const int modified = call(EPOLL_CTL_MOD);
  return modified == -ENOENT ? call(EPOLL_CTL_ADD) : modified;
}

}  // namespace

// Returns what the wait returns, and appends the results of the changes.
int Lockstep::enter_one(World& world, int instance, std::span<const std::int64_t> changes,
                        int maxevents, epoll_event* events, std::vector<int>& results) {
  if (world.backend().is_native()) {
    for (const std::int64_t change : changes)
      results.push_back(change_by_calls(world, instance, Change::unpack(change)));
    return maxevents == 0 ? 0 : world.backend().wait(world.fd(instance), events, maxevents, 0);
  }
  std::vector<struct xpoll_change> all;
  for (const std::int64_t packed : changes) {
    const Change change = Change::unpack(packed);
    const int op = change.op == Change::kUpsert ? XPOLL_CTL_UPSERT : static_cast<int>(change.op);
    all.push_back(xpoll::test::change_of(op, world.fd(static_cast<int>(change.slot)), change.events,
                                         change.data));
  }
  struct xpoll_enter arguments {};
  arguments.changes = xpoll::test::address(all.data());
  arguments.nchanges = static_cast<__u32>(all.size());
  arguments.events = xpoll::test::address(events);
  arguments.maxevents = maxevents;
  const int value = ioctl(world.fd(instance), XPOLL_IOC_ENTER, &arguments);
  const int error = errno;
  for (const struct xpoll_change& change : all) results.push_back(change.result);
  errno = error;
  return value;
}

void Lockstep::enter(int instance, int maxevents, std::int64_t first, std::int64_t second,
                     std::int64_t third) {
  std::vector<std::int64_t> changes;
  bool nested = false;
  bool of_ring = false;
  int links = 0;
  for (const std::int64_t packed : {first, second, third}) {
    const Change change = Change::unpack(packed);
    if (change.op == 0) continue;
    changes.push_back(packed);
    const Kind kind = slots_[static_cast<int>(change.slot) % kSlots];
    of_ring |= kind == Kind::kRing;
    nested |= kind == Kind::kInstance;
    if (kind == Kind::kInstance && (change.op == EPOLL_CTL_ADD || change.op == Change::kUpsert))
      links++;
  }
  // On other descriptors xpoll's call has no native namesake. A waiter that one of the changes
  // wakes would find nothing, and then be the first in its queue.
  if (slots_[instance] != Kind::kInstance || of_ring || blocked_waits() > 0 ||
      (links > 0 && posts_with_many_links()))
    return nothing_to_do("enter");
  links_ += links;
  std::array<std::vector<int>, 2> results;
  auto* next = results.data();
  wait_in_both("enter", [&](World& world, epoll_event* events) {
    return enter_one(world, instance, changes, maxevents, events, *next++);
  });
  if (results[0] != results[1])
    throw Divergence(fmt::format("enter: native [{}], xpoll [{}]", fmt::join(results[0], " "),
                                 fmt::join(results[1], " ")));
  for (std::size_t i = 0; i < changes.size(); i++) {
    const int result = results[0][i];
    count(change_name(Change::unpack(changes[i]).op),
          {.value = result < 0 ? -1 : 0, .error = -result, .detail = {}});
  }
  if (nested) nested_ = true;
  finish_watches(instance);
}

void Lockstep::ctl(int instance, int op, int slot, std::uint32_t events, std::uint64_t data) {
  const bool nested = slots_[slot] == Kind::kInstance;
  // Two threads would be woken through different levels, and the first one may leave nothing for
  // the other.
  if (nested && (blocked_waits() > 1 || (op == EPOLL_CTL_ADD && posts_with_many_links())))
    return nothing_to_do("ctl ADD nested");
  if (slots_[instance] == Kind::kRing || slots_[slot] == Kind::kRing)
    return nothing_to_do(operation_name(op, nested));
  const bool done = both(operation_name(op, nested), [&](World& world) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = data;
    return world.backend().ctl(world.fd(instance), op, world.fd(slot), &event);
  });
  if (done && nested) nested_ = true;
  if (done && nested && op == EPOLL_CTL_ADD) links_++;
  finish_watches(instance);
}

void Lockstep::ctl_without_event(int instance, int op, int slot, bool null) {
  if (slots_[instance] == Kind::kRing || slots_[slot] == Kind::kRing)
    return nothing_to_do("ctl_without_event");
  both("ctl_without_event", [&](World& world) {
    epoll_event* event = null ? nullptr : stage_.memory.inaccessible<epoll_event>();
    return world.backend().ctl(world.fd(instance), op, world.fd(slot), event);
  });
  finish_watches(instance);
}

void Lockstep::wait(int instance, int maxevents, int timeout_ms) {
  if (slots_[instance] == Kind::kRing) return nothing_to_do("wait");
  wait_in_both("wait", [&](World& world, epoll_event* events) {
    return world.backend().wait(world.fd(instance), events, maxevents, timeout_ms);
  });
  finish_watches(instance);
}

void Lockstep::wait_into(int instance, int maxevents, int accessible_bytes) {
  if (slots_[instance] == Kind::kRing) return nothing_to_do("wait_into");
  const auto bytes = static_cast<std::size_t>(accessible_bytes);
  wait_in_both("wait_into",
               [&](World& world, epoll_event* events) {
                 return world.backend().wait(world.fd(instance), events, maxevents, 0);
               },
               {stage_.memory.cut_after<std::byte>(bytes), bytes});
  finish_watches(instance);
}

void Lockstep::pwait2(int instance, int maxevents, std::int64_t seconds, std::int64_t nanoseconds) {
  if (slots_[instance] == Kind::kRing) return nothing_to_do("pwait2");
  wait_in_both("pwait2", [&](World& world, epoll_event* events) {
    const timespec timeout{.tv_sec = seconds, .tv_nsec = nanoseconds};
    return world.backend().pwait2(world.fd(instance), events, maxevents, &timeout, nullptr);
  });
  finish_watches(instance);
}

void Lockstep::pwait2_unreadable(int instance, int maxevents) {
  if (slots_[instance] == Kind::kRing) return nothing_to_do("pwait2_unreadable");
  wait_in_both("pwait2_unreadable", [&](World& world, epoll_event* events) {
    return world.backend().pwait2(world.fd(instance), events, maxevents,
                                  stage_.memory.inaccessible<timespec>(), nullptr);
  });
  finish_watches(instance);
}

// Two waiters take one event each and wait at the same level, so the sum of their results does not
// depend on which one is faster.
void Lockstep::start_wait(int waiter, int instance, int maxevents) {
  const auto which = static_cast<std::size_t>(waiter);
  const bool alone = blocked_waits() == 0;
  const bool matters = maxevents != 1 || nested_ || maxevents_[1 - which] != 1;
  if (slots_[instance] == Kind::kRing) return nothing_to_do("start_wait");
  if (stage_.native_waits[which].busy() || (!alone && matters)) return nothing_to_do("start_wait");
  maxevents_[which] = maxevents;
  stage_.native_waits[which].start(native_.backend(), native_.fd(instance), maxevents);
  stage_.xpoll_waits[which].start(xpoll_.backend(), xpoll_.fd(instance), maxevents);
  stage_.outcomes.count("start_wait", stage_.native_waits[which].returned()
                                          ? std::string_view("returned at once")
                                          : kDone);
  finish_watches(instance);
}

void Lockstep::interrupt(int waiter) {
  const auto which = static_cast<std::size_t>(waiter);
  if (!stage_.native_waits[which].busy() || !stage_.xpoll_waits[which].busy())
    return nothing_to_do("interrupt");
  stage_.native_waits[which].interrupt();
  stage_.xpoll_waits[which].interrupt();
  stage_.outcomes.count("interrupt", kDone);
  finish();
}

void Lockstep::post(int instance, std::uint64_t data) {
  if (!is_instance(slots_[instance]) || links_ > kMostLinks || !native_.can_post())
    return nothing_to_do("post");
  posted_ |= slots_[instance] == Kind::kInstance;
  if (slots_[instance] == Kind::kRing) {
    // This replaces the event before, which native epoll has not delivered.
    Ring& ring = rings_[instance];
    std::erase_if(ring.taken, [&](const auto& each) { return !ring.watches.contains(each.first); });
  }
  both("post", [&](World& world) { return world.post(instance, data); });
  finish_watches(instance);
}

void Lockstep::poll_after_each_step(bool on) {
  poll_after_each_step_ = on;
  stage_.outcomes.count("poll_after_each_step", kDone);
}

void Lockstep::poll() {
  compare_readiness();
  stage_.outcomes.count("poll", kDone);
  finish();
}

}  // namespace xpoll::fuzz

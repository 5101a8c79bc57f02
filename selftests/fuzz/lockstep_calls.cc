// SPDX-License-Identifier: GPL-2.0-only
// The steps that call epoll.
#include <fmt/format.h>

#include <ctime>

#include "lockstep.h"

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

}  // namespace

void Lockstep::ctl(int instance, int op, int slot, std::uint32_t events, std::uint64_t data) {
  const bool nested = slots_[slot] == Kind::kInstance;
  // Two threads would be woken through different levels, and the first one may leave nothing for
  // the other.
  if (nested && blocked_waits() > 1) return nothing_to_do("ctl ADD nested");
  const bool done = both(operation_name(op, nested), [&](World& world) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = data;
    return world.backend().ctl(world.fd(instance), op, world.fd(slot), &event);
  });
  if (done && nested) nested_ = true;
  finish_watches(instance);
}

void Lockstep::ctl_without_event(int instance, int op, int slot, bool null) {
  both("ctl_without_event", [&](World& world) {
    epoll_event* event = null ? nullptr : stage_.memory.inaccessible<epoll_event>();
    return world.backend().ctl(world.fd(instance), op, world.fd(slot), event);
  });
  finish_watches(instance);
}

void Lockstep::wait(int instance, int maxevents, int timeout_ms) {
  wait_in_both("wait", [&](World& world, epoll_event* events) {
    return world.backend().wait(world.fd(instance), events, maxevents, timeout_ms);
  });
  finish_watches(instance);
}

void Lockstep::wait_into(int instance, int maxevents, int accessible_bytes) {
  const auto bytes = static_cast<std::size_t>(accessible_bytes);
  wait_in_both("wait_into",
               [&](World& world, epoll_event* events) {
                 return world.backend().wait(world.fd(instance), events, maxevents, 0);
               },
               {stage_.memory.cut_after<std::byte>(bytes), bytes});
  finish_watches(instance);
}

void Lockstep::pwait2(int instance, int maxevents, std::int64_t seconds, std::int64_t nanoseconds) {
  wait_in_both("pwait2", [&](World& world, epoll_event* events) {
    const timespec timeout{.tv_sec = seconds, .tv_nsec = nanoseconds};
    return world.backend().pwait2(world.fd(instance), events, maxevents, &timeout, nullptr);
  });
  finish_watches(instance);
}

void Lockstep::pwait2_unreadable(int instance, int maxevents) {
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

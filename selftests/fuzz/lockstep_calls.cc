// SPDX-License-Identifier: GPL-2.0-only
// The steps that are calls of epoll.
#include <fmt/format.h>

#include <ctime>

#include "lockstep.h"

namespace xpoll_fuzz {
namespace {

const char* operationName(int op, bool nested) {
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
  // Two threads woken through different levels: who comes first may leave the other nothing.
  if (nested && blockedWaits() > 1) return nothingToDo("ctl ADD nested");
  const bool done = both(operationName(op, nested), [&](World& world) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = data;
    return world.backend().ctl(world.fd(instance), op, world.fd(slot), &event);
  });
  if (done && nested) nested_ = true;
  finishWatches(instance);
}

void Lockstep::ctlWithoutEvent(int instance, int op, int slot, bool null) {
  both("ctlWithoutEvent", [&](World& world) {
    epoll_event* event = null ? nullptr : stage_.memory.inaccessible<epoll_event>();
    return world.backend().ctl(world.fd(instance), op, world.fd(slot), event);
  });
  finishWatches(instance);
}

void Lockstep::wait(int instance, int maxevents, int timeout_ms) {
  waitInBoth("wait", [&](World& world, epoll_event* events) {
    return world.backend().wait(world.fd(instance), events, maxevents, timeout_ms);
  });
  finishWatches(instance);
}

void Lockstep::waitInto(int instance, int maxevents, int accessible_bytes) {
  const auto bytes = static_cast<std::size_t>(accessible_bytes);
  waitInBoth("waitInto",
             [&](World& world, epoll_event* events) {
               return world.backend().wait(world.fd(instance), events, maxevents, 0);
             },
             {stage_.memory.cutAfter<std::byte>(bytes), bytes});
  finishWatches(instance);
}

void Lockstep::pwait2(int instance, int maxevents, std::int64_t seconds, std::int64_t nanoseconds) {
  waitInBoth("pwait2", [&](World& world, epoll_event* events) {
    const timespec timeout{.tv_sec = seconds, .tv_nsec = nanoseconds};
    return world.backend().pwait2(world.fd(instance), events, maxevents, &timeout, nullptr);
  });
  finishWatches(instance);
}

void Lockstep::pwait2Unreadable(int instance, int maxevents) {
  waitInBoth("pwait2Unreadable", [&](World& world, epoll_event* events) {
    return world.backend().pwait2(world.fd(instance), events, maxevents,
                                  stage_.memory.inaccessible<timespec>(), nullptr);
  });
  finishWatches(instance);
}

// Two at a time take one event each and wait at one level: then it does not matter to the sum of
// what they get which of them is faster.
void Lockstep::startWait(int waiter, int instance, int maxevents) {
  const auto which = static_cast<std::size_t>(waiter);
  const bool alone = blockedWaits() == 0;
  const bool matters = maxevents != 1 || nested_ || maxevents_[1 - which] != 1;
  if (stage_.native_waits[which].busy() || (!alone && matters)) return nothingToDo("startWait");
  maxevents_[which] = maxevents;
  stage_.native_waits[which].start(native_.backend(), native_.fd(instance), maxevents);
  stage_.xpoll_waits[which].start(xpoll_.backend(), xpoll_.fd(instance), maxevents);
  stage_.outcomes.count("startWait", stage_.native_waits[which].returned()
                                         ? std::string_view("returned at once")
                                         : kDone);
  finishWatches(instance);
}

void Lockstep::interrupt(int waiter) {
  const auto which = static_cast<std::size_t>(waiter);
  if (!stage_.native_waits[which].busy() || !stage_.xpoll_waits[which].busy())
    return nothingToDo("interrupt");
  stage_.native_waits[which].interrupt();
  stage_.xpoll_waits[which].interrupt();
  stage_.outcomes.count("interrupt", kDone);
  finish();
}

void Lockstep::pollAfterEachStep(bool on) {
  poll_after_each_step_ = on;
  stage_.outcomes.count("pollAfterEachStep", kDone);
}

void Lockstep::poll() {
  compareReadiness();
  stage_.outcomes.count("poll", kDone);
  finish();
}

}  // namespace xpoll_fuzz

// SPDX-License-Identifier: MIT
#include "ring_loop.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <utility>

#include "../system.hpp"

namespace example {
namespace {

constexpr std::uint32_t post_slots = 1;

std::uint64_t data_of(const watched& object) { return reinterpret_cast<std::uintptr_t>(&object); }
watched& object_of(std::uint64_t data) { return *reinterpret_cast<watched*>(data); }

}  // namespace

ring_loop::ring_loop(std::uint32_t descriptors)
    : poller_(xpoll::ring_poller::create(std::bit_ceil(descriptors + post_slots))) {}

void ring_loop::watch(int fd, xpoll::events interest, watched& object) {
  xpoll_change change{};
  change.op = EPOLL_CTL_ADD;
  change.fd = fd;
  change.events = xpoll::bits(interest | xpoll::events::edge);
  change.data = data_of(object);
  changes_.push_back(change);
}

void ring_loop::again(watched& object, std::chrono::milliseconds limit) {
  again_.push_back(&object);
  limit_ = limit_ ? std::min(*limit_, limit) : limit;
}

void ring_loop::forget(const watched& object) {
  std::erase(again_, &object);
  std::ranges::replace(now_, const_cast<watched*>(&object), nullptr);
  std::erase_if(changes_, [&](const xpoll_change& each) { return each.data == data_of(object); });
}

void ring_loop::turn() {
  // While nothing has to be changed and no watch has to be asked, events need no system call.
  if (!changes_.empty() || !again_.empty() || poller_.must_enter() || !take_events()) {
    enter();
    take_events();
  }
  now_ = std::exchange(again_, {});
  for (watched* const& each : now_)
    if (each) each->ready(xpoll::events::none);
}

bool ring_loop::take_events() {
  const std::uint64_t before = events_;
  for (const xpoll_ring_event& event : poller_.take()) {
    ++events_;
    object_of(event.data).ready(static_cast<xpoll::events>(event.events));
  }
  return events_ != before;
}

void ring_loop::enter() {
  std::vector<xpoll_change> rest = std::exchange(changes_, {});
  const auto limit = std::exchange(limit_, {});
  bool more = true;
  while (more) {
    const auto count = std::min<std::size_t>(rest.size(), XPOLL_CHANGES_MAX);
    more = count < rest.size();
    struct xpoll_enter call {};
    call.changes = reinterpret_cast<std::uintptr_t>(rest.data());
    call.nchanges = static_cast<std::uint32_t>(count);
    call.flags = XPOLL_ENTER_RING | XPOLL_ENTER_STOP;  // no wait before refused() is called
    call.timeout_ns = -1;
    if (limit) call.timeout_ns = std::chrono::nanoseconds(*limit).count();
    if (more) call.timeout_ns = 0;
    ++enters_;
    const int entries = xpoll_enter(poller_.fd(), &call);
    if (entries < 0 && errno != EINTR) check(entries, "xpoll_enter");
    const auto done = rest.begin() + call.done;
    for (auto change = rest.begin(); change != done; ++change)
      if (change->result < 0) object_of(change->data).refused(-change->result);
    rest.erase(rest.begin(), done);
    more = !rest.empty();
  }
}

}  // namespace example

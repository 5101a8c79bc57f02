// SPDX-License-Identifier: MIT
// The bits of epoll_event::events as a type of their own.
#ifndef XPOLL_EVENTS_HPP
#define XPOLL_EVENTS_HPP

#include <sys/epoll.h>

#include <cstdint>
#include <xpoll/cxx20.hpp>

namespace xpoll {

/// A set of event bits. A cast makes a set of bits that have no name here.
enum class events : std::uint32_t {
  none = 0,
  in = EPOLLIN,
  pri = EPOLLPRI,
  out = EPOLLOUT,
  rdhup = EPOLLRDHUP,
  err = EPOLLERR,  ///< always reported, unless the watch has change_flags::only
  hup = EPOLLHUP,  ///< always reported, unless the watch has change_flags::only
  exclusive = EPOLLEXCLUSIVE,
  wakeup = EPOLLWAKEUP,
  oneshot = EPOLLONESHOT,
  edge = EPOLLET,
};

constexpr std::uint32_t bits(events set) noexcept { return static_cast<std::uint32_t>(set); }

constexpr events operator|(events a, events b) noexcept { return events{bits(a) | bits(b)}; }
constexpr events operator&(events a, events b) noexcept { return events{bits(a) & bits(b)}; }
constexpr events operator~(events a) noexcept { return events{~bits(a)}; }
constexpr events& operator|=(events& a, events b) noexcept { return a = a | b; }
constexpr events& operator&=(events& a, events b) noexcept { return a = a & b; }

/// Whether the set holds at least one bit: `if (any(happened & events::in))`.
constexpr bool any(events set) noexcept { return set != events::none; }

/// What an event reports.
constexpr events events_of(const epoll_event& event) noexcept { return events{event.events}; }

}  // namespace xpoll

#endif  // XPOLL_EVENTS_HPP

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <concepts>

#include "backend/calls.h"
#include "backend/epoll.h"
#include "backend/extended.h"
#include "backend/poll.h"
#include "backend/ring.h"
#include "backend/select.h"
#include "backend/uring.h"
#include "backend/xpoll.h"
#include "util/settings.h"

namespace bench {

template <typename Backend>
bool available(const Settings& settings) {
  constexpr bool kHooked = std::same_as<Backend, HookedEpoll> ||
                           std::same_as<Backend, BesideEpoll> || std::same_as<Backend, XpollCalls>;
  if (kHooked != settings.calls) return false;
  if constexpr (std::derived_from<Backend, Xpoll> || std::same_as<Backend, Ring>)
    return settings.xpoll;
  if constexpr (std::same_as<Backend, Uring>) return Uring::available();
  return true;
}

/// Calls body.operator()<Backend>() for each backend that is available.
template <typename... Backends, typename Body>
void for_backends(const Settings& settings, Body&& body) {
  const auto call = [&]<typename Backend> {
    if (available<Backend>(settings)) body.template operator()<Backend>();
  };
  (call.template operator()<Backends>(), ...);
}

}  // namespace bench

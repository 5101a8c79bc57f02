// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "epoll.h"

namespace bench {

/// What epoll's own system calls meet once the module has hooked epoll's functions.
enum class Calls {
  kNone,
  kNative,        // a native instance, and there is no other
  kNativeBeside,  // a native instance while one of xpoll exists
  kInstance,      // an instance of xpoll, which epoll_create1 creates
};

/// Makes it so for this process. Does nothing if it is so already, so that a measurement may
/// create many.
void enter(Calls calls);

/// Before the instance is created.
template <Calls calls>
struct Entered {
  Entered() { enter(calls); }
};

template <Calls calls>
class EpollCalls : Entered<calls>, public Epoll {};

class HookedEpoll : public EpollCalls<Calls::kNative> {
 public:
  static constexpr const char* kName = "epoll_hooked";
};

class BesideEpoll : public EpollCalls<Calls::kNativeBeside> {
 public:
  static constexpr const char* kName = "epoll_beside";
};

class XpollCalls : public EpollCalls<Calls::kInstance> {
 public:
  static constexpr const char* kName = "xpoll_calls";
};

}  // namespace bench

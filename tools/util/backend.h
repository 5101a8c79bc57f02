// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <ostream>
#include <vector>

#include "tools/util/checked.h"

namespace xpoll {

// The calls through which Backend::xpoll() uses instances: the library's, which makes ioctls here,
// or epoll's own.
enum class Route { kLibrary, kEpollCalls };

// Sets the route of this process and its children. kEpollCalls opts the process in, so that
// epoll_create1 creates xpoll instances. Throws std::system_error if xpoll can't do that.
void set_route(Route route);
Route route();

// The two implementations behind one interface. Calls are raw: they return what the system call
// returns, set errno, and accept any pointer.
class Backend {
 public:
  static constexpr Backend xpoll() { return Backend(Kind::kXpoll); }
  static constexpr Backend native() { return Backend(Kind::kNative); }

  constexpr bool is_xpoll() const { return kind_ == Kind::kXpoll; }
  constexpr bool is_native() const { return kind_ == Kind::kNative; }
  constexpr const char* name() const { return is_xpoll() ? "xpoll" : "native"; }

  int create1(int flags) const;
  int ctl(int epfd, int op, int fd, epoll_event* event) const;
  int wait(int epfd, epoll_event* events, int maxevents, int timeout_ms) const;
  int pwait(int epfd, epoll_event* events, int maxevents, int timeout_ms,
            const sigset_t* sigmask) const;
  int pwait2(int epfd, epoll_event* events, int maxevents, const timespec* timeout,
             const sigset_t* sigmask) const;

  // pwait without the library, which fixes the size of the signal set.
  int pwait_sized(int epfd, epoll_event* events, int maxevents, int timeout_ms, const void* sigmask,
                  std::size_t sigsetsize) const;

  // ADD with these events. The event's data is the descriptor unless given.
  int add(int epfd, int fd, std::uint32_t events) const;
  int add(int epfd, int fd, std::uint32_t events, std::uint64_t data) const;
  int mod(int epfd, int fd, std::uint32_t events) const;
  int mod(int epfd, int fd, std::uint32_t events, std::uint64_t data) const;
  int del(int epfd, int fd) const;

  // A new instance with close-on-exec set.
  unique_fd instance() const;

  // The events of one wait. Throws if the wait fails.
  std::vector<epoll_event> ready(int epfd, int timeout_ms = 0, int maxevents = 64) const;

  friend constexpr bool operator==(Backend, Backend) = default;
  friend std::ostream& operator<<(std::ostream& out, Backend backend) {
    return out << backend.name();
  }

 private:
  enum class Kind { kXpoll, kNative };
  constexpr explicit Backend(Kind kind) : kind_(kind) {}

  bool by_library() const;

  Kind kind_;
};

}  // namespace xpoll

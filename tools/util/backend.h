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

// By which calls Backend::xpoll() reaches instances: those of the library, or epoll's own.
enum class Route { kLibrary, kEpollCalls };

// For this process and those that it forks. kEpollCalls opts the process in, so that epoll_create1
// creates instances of xpoll; throws std::system_error where xpoll can't do that.
void set_route(Route route);
Route route();

// The two implementations behind one face. Calls are raw: they return what the system call returns,
// set errno as it does, and take any pointer.
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

  // pwait below the library, which fixes the size of the signal set.
  int pwait_sized(int epfd, epoll_event* events, int maxevents, int timeout_ms, const void* sigmask,
                  std::size_t sigsetsize) const;

  // ctl with an event of these bits, its data being the descriptor unless given.
  int add(int epfd, int fd, std::uint32_t events) const;
  int add(int epfd, int fd, std::uint32_t events, std::uint64_t data) const;
  int mod(int epfd, int fd, std::uint32_t events) const;
  int mod(int epfd, int fd, std::uint32_t events, std::uint64_t data) const;
  int del(int epfd, int fd) const;

  // A new close-on-exec instance.
  unique_fd instance() const;

  // What one wait delivers; throws if it fails.
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

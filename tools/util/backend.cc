// SPDX-License-Identifier: GPL-2.0-only
#include "backend.h"

#include <fcntl.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <xpoll/xpoll.h>

#include <atomic>
#include <mutex>

// From userlib/src/hints.h: whether the library tries epoll's own call before the ioctl.
extern "C" std::atomic<bool> xpoll_calls_hint;

namespace xpoll {
namespace {

constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;

epoll_event make_event(std::uint32_t events, std::uint64_t data) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = data;
  return event;
}

Route current_route = Route::kLibrary;
// Serializes creations, because the kind that epoll_create1 creates is a property of the process.
std::mutex create_mutex;

void set_process(std::uint32_t mode) {
  const unique_fd device = checked_fd(open("/dev/xpoll", O_RDWR | O_CLOEXEC), "/dev/xpoll");
  struct xpoll_process process {};
  process.mode = mode;
  checked(ioctl(device.get(), XPOLL_IOC_PROCESS, &process), "XPOLL_IOC_PROCESS");
}

// Creates a native instance in a process that has opted in.
int create1_opted_out(int flags) {
  set_process(XPOLL_PROCESS_NATIVE);
  const int fd = epoll_create1(flags);
  const int error = errno;
  set_process(XPOLL_PROCESS_XPOLL);
  errno = error;
  return fd;
}

}  // namespace

void set_route(Route route) {
  set_process(route == Route::kEpollCalls ? XPOLL_PROCESS_XPOLL : XPOLL_PROCESS_NATIVE);
  current_route = route;
}

Route route() { return current_route; }

bool Backend::by_library() const {
  if (is_native() || current_route != Route::kLibrary) return false;
  // Otherwise the ioctls would not be tested once another test has opted in.
  xpoll_calls_hint.store(false, std::memory_order_relaxed);
  return true;
}

int Backend::create1(int flags) const {
  if (by_library()) return xpoll_create1(flags);
  if (current_route == Route::kLibrary) return epoll_create1(flags);
  const std::scoped_lock lock(create_mutex);
  return is_xpoll() ? epoll_create1(flags) : create1_opted_out(flags);
}

int Backend::ctl(int epfd, int op, int fd, epoll_event* event) const {
  return by_library() ? xpoll_ctl(epfd, op, fd, event) : epoll_ctl(epfd, op, fd, event);
}

int Backend::wait(int epfd, epoll_event* events, int maxevents, int timeout_ms) const {
  return by_library() ? xpoll_wait(epfd, events, maxevents, timeout_ms)
                      : epoll_wait(epfd, events, maxevents, timeout_ms);
}

int Backend::pwait(int epfd, epoll_event* events, int maxevents, int timeout_ms,
                   const sigset_t* sigmask) const {
  return by_library() ? xpoll_pwait(epfd, events, maxevents, timeout_ms, sigmask)
                      : epoll_pwait(epfd, events, maxevents, timeout_ms, sigmask);
}

int Backend::pwait2(int epfd, epoll_event* events, int maxevents, const timespec* timeout,
                    const sigset_t* sigmask) const {
  return by_library() ? xpoll_pwait2(epfd, events, maxevents, timeout, sigmask)
                      : epoll_pwait2(epfd, events, maxevents, timeout, sigmask);
}

int Backend::pwait_sized(int epfd, epoll_event* events, int maxevents, int timeout_ms,
                         const void* sigmask, std::size_t sigsetsize) const {
  if (!by_library())
    return static_cast<int>(
        syscall(SYS_epoll_pwait, epfd, events, maxevents, timeout_ms, sigmask, sigsetsize));
  struct xpoll_wait wait {};
  wait.events = reinterpret_cast<std::uintptr_t>(events);
  wait.timeout_ns = timeout_ms * kNanosecondsPerMillisecond;
  wait.sigmask = reinterpret_cast<std::uintptr_t>(sigmask);
  wait.maxevents = maxevents;
  wait.sigsetsize = static_cast<std::uint32_t>(sigsetsize);
  return ioctl(epfd, XPOLL_IOC_WAIT, &wait);
}

int Backend::add(int epfd, int fd, std::uint32_t events) const {
  return add(epfd, fd, events, static_cast<std::uint64_t>(fd));
}

int Backend::add(int epfd, int fd, std::uint32_t events, std::uint64_t data) const {
  epoll_event event = make_event(events, data);
  return ctl(epfd, EPOLL_CTL_ADD, fd, &event);
}

int Backend::mod(int epfd, int fd, std::uint32_t events) const {
  return mod(epfd, fd, events, static_cast<std::uint64_t>(fd));
}

int Backend::mod(int epfd, int fd, std::uint32_t events, std::uint64_t data) const {
  epoll_event event = make_event(events, data);
  return ctl(epfd, EPOLL_CTL_MOD, fd, &event);
}

int Backend::del(int epfd, int fd) const { return ctl(epfd, EPOLL_CTL_DEL, fd, nullptr); }

unique_fd Backend::instance() const { return checked_fd(create1(EPOLL_CLOEXEC), "create1"); }

std::vector<epoll_event> Backend::ready(int epfd, int timeout_ms, int maxevents) const {
  std::vector<epoll_event> events(static_cast<std::size_t>(maxevents));
  const int count = checked(wait(epfd, events.data(), maxevents, timeout_ms), "wait");
  events.resize(static_cast<std::size_t>(count));
  return events;
}

}  // namespace xpoll

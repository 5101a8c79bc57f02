// SPDX-License-Identifier: GPL-2.0-only
// The six calls, by function and by number, with valid and invalid arguments.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <climits>
#include <csignal>
#include <ctime>

#include "modes.h"
#include "tools/util/checked.h"
#include "transcript.h"

namespace victim {
namespace {

using xpoll::checked;
using xpoll::checked_fd;
using xpoll::unique_fd;

// A null pointer, and one that the kernel can't write to.
template <typename T>
T* bad() {
  return reinterpret_cast<T*>(1);
}

struct Api {
  long (*create)(int);
  long (*create1)(int);
  long (*ctl)(int, int, int, epoll_event*);
  long (*wait)(int, epoll_event*, int, int);
  long (*pwait)(int, epoll_event*, int, int, const sigset_t*);
  long (*pwait2)(int, epoll_event*, int, const timespec*, const sigset_t*);
};

constexpr Api kByName{
    [](int size) -> long { return epoll_create(size); },
    [](int flags) -> long { return epoll_create1(flags); },
    [](int epfd, int op, int fd, epoll_event* event) -> long {
      return epoll_ctl(epfd, op, fd, event);
    },
    [](int epfd, epoll_event* events, int most, int timeout) -> long {
      return epoll_wait(epfd, events, most, timeout);
    },
    [](int epfd, epoll_event* events, int most, int timeout, const sigset_t* mask) -> long {
      return epoll_pwait(epfd, events, most, timeout, mask);
    },
    [](int epfd, epoll_event* events, int most, const timespec* timeout,
       const sigset_t* mask) -> long { return epoll_pwait2(epfd, events, most, timeout, mask); },
};

constexpr unsigned long kSetSize = _NSIG / 8;

// An int passed to syscall() in a register whose upper half is undefined.
long dirty(int value) { return static_cast<long>(0xabcd00000000UL | static_cast<unsigned>(value)); }

// Newer architectures lack two of the calls, for which the C library makes others.
#ifdef SYS_epoll_create
constexpr auto kCreateByNumber = [](int size) { return syscall(SYS_epoll_create, dirty(size)); };
constexpr auto kWaitByNumber = [](int epfd, epoll_event* events, int most, int timeout) {
  return syscall(SYS_epoll_wait, dirty(epfd), events, dirty(most), dirty(timeout));
};
#else
constexpr auto kCreateByNumber = kByName.create;
constexpr auto kWaitByNumber = kByName.wait;
#endif

constexpr Api kByNumber{
    kCreateByNumber,
    [](int flags) { return syscall(SYS_epoll_create1, dirty(flags)); },
    [](int epfd, int op, int fd, epoll_event* event) {
      return syscall(SYS_epoll_ctl, dirty(epfd), dirty(op), dirty(fd), event);
    },
    kWaitByNumber,
    [](int epfd, epoll_event* events, int most, int timeout, const sigset_t* mask) {
      return syscall(SYS_epoll_pwait, dirty(epfd), events, dirty(most), dirty(timeout), mask,
                     kSetSize);
    },
    [](int epfd, epoll_event* events, int most, const timespec* timeout, const sigset_t* mask) {
      return syscall(SYS_epoll_pwait2, dirty(epfd), events, dirty(most), timeout, mask, kSetSize);
    },
};

std::string with(const char* call, std::initializer_list<long> arguments) {
  std::string text = call;
  for (const long argument : arguments) text += ' ' + std::to_string(argument);
  return text;
}

// The descriptors for the calls: an instance, a readable end of a pipe, and others.
struct Scene {
  explicit Scene(const Api& api)
      : instance(checked_fd(static_cast<int>(api.create1(0)), "create1")) {
    int ends[2];
    checked(pipe(ends), "pipe");
    reader = unique_fd(ends[0]);
    writer = unique_fd(ends[1]);
  }

  unique_fd instance;
  unique_fd reader;
  unique_fd writer;
  unique_fd directory = checked_fd(open("/", O_RDONLY | O_DIRECTORY), "open");
  unique_fd path = checked_fd(open("/", O_PATH), "open");
  unique_fd nested = checked_fd(epoll_create1(0), "create1");
};

void tell_creation(const Api& api) {
  for (const int size : {-1, 0, INT_MIN})
    tell(with("create", {size}), [&] { return api.create(size); });
  for (const int flags : {1, 2, EPOLL_CLOEXEC | 1, -1})
    tell(with("create1", {flags}), [&] { return api.create1(flags); });
  for (const int flags : {0, static_cast<int>(EPOLL_CLOEXEC)}) {
    const unique_fd fd(
        static_cast<int>(tell(with("create1", {flags}), [&] { return api.create1(flags); })));
    tell("close-on-exec", [&] { return fcntl(fd.get(), F_GETFD); });
    tell("open for", [&] { return fcntl(fd.get(), F_GETFL) & O_ACCMODE; });
  }
  const unique_fd sized(static_cast<int>(tell("create 1", [&] { return api.create(1); })));
  tell("close-on-exec", [&] { return fcntl(sized.get(), F_GETFD); });
}

void tell_creation_without_descriptors(const Api& api) {
  rlimit before{};
  checked(getrlimit(RLIMIT_NOFILE, &before), "getrlimit");
  const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
  checked(setrlimit(RLIMIT_NOFILE, &none), "setrlimit");
  tell("create without descriptors", [&] { return api.create(1); });
  tell("create1 without descriptors", [&] { return api.create1(0); });
  checked(setrlimit(RLIMIT_NOFILE, &before), "setrlimit");
}

void tell_control(const Api& api, const Scene& scene) {
  const int descriptors[] = {scene.instance.get(), scene.reader.get(), scene.directory.get(),
                             scene.path.get(),     scene.nested.get(), -1};
  for (const int epfd : {scene.instance.get(), scene.reader.get(), scene.path.get(), -1})
    for (const int op :
         {EPOLL_CTL_ADD, EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, EPOLL_CTL_DEL, 0, 4, -1})
      for (const int fd : descriptors) {
        epoll_event event = make_event(EPOLLIN, static_cast<std::uint64_t>(fd));
        tell(with("ctl", {epfd, op, fd}), [&] { return api.ctl(epfd, op, fd, &event); });
        tell(with("ctl without event", {epfd, op, fd}),
             [&] { return api.ctl(epfd, op, fd, bad<epoll_event>()); });
      }
  epoll_event event = make_event(EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT, 0);
  tell("ctl exclusive and oneshot",
       [&] { return api.ctl(scene.instance.get(), EPOLL_CTL_ADD, scene.reader.get(), &event); });
}

void tell_waits(const Api& api, int epfd, epoll_event* events, int most) {
  const timespec now{};
  const timespec negative{.tv_sec = -1, .tv_nsec = 0};
  const timespec too_fine{.tv_sec = 0, .tv_nsec = 1'000'000'000};
  sigset_t none;
  sigemptyset(&none);
  const auto told = [&](const char* call, auto make) {
    if (tell(with(call, {epfd, most, events != nullptr, events == bad<epoll_event>()}), make) > 0)
      tell_event(*events);
  };
  told("wait", [&] { return api.wait(epfd, events, most, 0); });
  for (const sigset_t* mask :
       {static_cast<const sigset_t*>(nullptr), static_cast<const sigset_t*>(&none),
        static_cast<const sigset_t*>(bad<sigset_t>())}) {
    told("pwait", [&] { return api.pwait(epfd, events, most, 0, mask); });
    for (const timespec* timeout :
         {&now, &negative, &too_fine, static_cast<const timespec*>(bad<timespec>())})
      told("pwait2", [&] { return api.pwait2(epfd, events, most, timeout, mask); });
  }
}

// An event is ready, so a wait without timeout returns.
void tell_ready_waits(const Api& api, const Scene& scene) {
  epoll_event event = make_event(EPOLLOUT, 0x123456789abcdef0);
  tell("ctl add",
       [&] { return api.ctl(scene.instance.get(), EPOLL_CTL_ADD, scene.writer.get(), &event); });
  const auto told = [&](const char* call, auto make) {
    if (tell(call, make) > 0) tell_event(event);
  };
  told("wait for ever", [&] { return api.wait(scene.instance.get(), &event, 1, -1); });
  told("pwait for ever", [&] { return api.pwait(scene.instance.get(), &event, 1, -1, nullptr); });
  told("pwait2 for ever",
       [&] { return api.pwait2(scene.instance.get(), &event, 1, nullptr, nullptr); });
}

void tell_all_waits(const Api& api, const Scene& scene) {
  epoll_event event{};
  for (const int epfd : {scene.instance.get(), scene.reader.get(), scene.path.get(), -1})
    for (const int most : {1, 0, -1, INT_MIN, INT_MAX})
      for (epoll_event* events : {&event, bad<epoll_event>(), static_cast<epoll_event*>(nullptr)})
        tell_waits(api, epfd, events, most);
}

int tell_all(const Api& api) {
  tell_creation(api);
  tell_creation_without_descriptors(api);
  const Scene scene(api);
  tell_control(api, scene);
  tell_all_waits(api, scene);
  tell_ready_waits(api, scene);
  tell_all_waits(api, scene);
  return 0;
}

// Only syscall() lets a program pass the size of the set.
void tell_set_sizes() {
  const unique_fd epfd = checked_fd(epoll_create1(0), "create1");
  epoll_event event{};
  sigset_t none;
  sigemptyset(&none);
  const timespec now{};
  for (const unsigned long size : {0UL, 4UL, 7UL, 8UL, 16UL, 0x100000008UL, ~0UL})
    for (const sigset_t* mask :
         {static_cast<const sigset_t*>(nullptr), static_cast<const sigset_t*>(&none)}) {
      tell(with("pwait with a set of", {static_cast<long>(size), mask != nullptr}),
           [&] { return syscall(SYS_epoll_pwait, epfd.get(), &event, 1, 0, mask, size); });
      tell(with("pwait2 with a set of", {static_cast<long>(size), mask != nullptr}),
           [&] { return syscall(SYS_epoll_pwait2, epfd.get(), &event, 1, &now, mask, size); });
    }
}

}  // namespace

int calls(const Arguments&) { return tell_all(kByName); }

int syscalls(const Arguments&) {
  tell_set_sizes();
  return tell_all(kByNumber);
}

}  // namespace victim

// SPDX-License-Identifier: GPL-2.0-only
// epoll's calls on descriptors of other types.
#include <sys/eventfd.h>
#include <sys/syscall.h>

#include <ctime>

#include "modes.h"
#include "transcript.h"
#include "util/descriptor_kinds.h"

namespace victim {
namespace {

using xpoll::checked_fd;
using xpoll::unique_fd;

void tell_control(int epfd, const unique_fd& target) {
  for (const int op : {EPOLL_CTL_ADD, EPOLL_CTL_MOD, EPOLL_CTL_DEL, 99})
    for (const int fd : {target.get(), epfd, -1}) {
      epoll_event event = make_event(EPOLLIN, 1);
      tell("ctl", [&] { return epoll_ctl(epfd, op, fd, &event); });
      tell("ctl by number", [&] { return syscall(SYS_epoll_ctl, epfd, op, fd, &event); });
    }
}

void tell_waits(int epfd) {
  epoll_event event{};
  const timespec now{};
  tell("wait", [&] { return epoll_wait(epfd, &event, 1, 0); });
  tell("pwait", [&] { return epoll_pwait(epfd, &event, 1, 0, nullptr); });
  tell("pwait2", [&] { return epoll_pwait2(epfd, &event, 1, &now, nullptr); });
#ifdef SYS_epoll_wait
  tell("wait by number", [&] { return syscall(SYS_epoll_wait, epfd, &event, 1, 0); });
#endif
  tell("pwait by number",
       [&] { return syscall(SYS_epoll_pwait, epfd, &event, 1, 0, nullptr, 0L); });
  tell("pwait2 by number",
       [&] { return syscall(SYS_epoll_pwait2, epfd, &event, 1, &now, nullptr, 0L); });
}

}  // namespace

int foreign(const Arguments&) {
  const unique_fd target = checked_fd(eventfd(0, EFD_CLOEXEC), "eventfd");
  for (const xpoll::test::DescriptorKind& kind : xpoll::test::descriptor_kinds()) {
    // xpoll-run replaces native instances.
    if (kind.name == "NativeInstance") continue;
    const unique_fd fd = kind.make();
    std::printf("%s %s\n", fd.valid() ? "kind" : "no", kind.name.c_str());
    if (!fd.valid()) continue;
    tell_control(fd.get(), target);
    tell_waits(fd.get());
  }
  return 0;
}

}  // namespace victim

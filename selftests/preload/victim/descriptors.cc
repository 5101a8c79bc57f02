// SPDX-License-Identifier: GPL-2.0-only
// Instances that came by another way than epoll_create.
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modes.h"
#include "transcript.h"
#include "util/fd.h"
#include "util/fd_passing.h"

namespace victim {
namespace {

using xpoll_test::checked;
using xpoll_test::checkedFd;
using xpoll_test::Fd;

// Add, wait, change, wait, remove, wait.
void tellUse(int epfd) {
  const Fd source = checkedFd(eventfd(1, 0), "eventfd");
  epoll_event event = makeEvent(EPOLLIN, 7);
  tell("add", [&] { return epoll_ctl(epfd, EPOLL_CTL_ADD, source.get(), &event); });
  tell("add again", [&] { return epoll_ctl(epfd, EPOLL_CTL_ADD, source.get(), &event); });
  tell("wait", [&] { return epoll_wait(epfd, &event, 1, -1); });
  tellEvent(event);
  event = makeEvent(EPOLLOUT, 8);
  tell("change", [&] { return epoll_ctl(epfd, EPOLL_CTL_MOD, source.get(), &event); });
  tell("pwait", [&] { return epoll_pwait(epfd, &event, 1, -1, nullptr); });
  tellEvent(event);
  tell("remove", [&] { return epoll_ctl(epfd, EPOLL_CTL_DEL, source.get(), nullptr); });
  const timespec now{};
  tell("pwait2", [&] { return epoll_pwait2(epfd, &event, 1, &now, nullptr); });
}

int reap(pid_t child) {
  int status = 0;
  checked(waitpid(child, &status, 0), "waitpid");
  return status;
}

}  // namespace

int inherited(const Arguments& arguments) {
  tellUse(std::stoi(arguments.at(0)));
  return 0;
}

int duplicated(const Arguments&) {
  Fd first = checkedFd(epoll_create1(0), "create1");
  const Fd second = first.dup();
  tellUse(second.get());
  first.reset();
  tellUse(second.get());
  return 0;
}

int passed(const Arguments&) {
  int ends[2];
  checked(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
  const Fd here(ends[0]);
  const Fd there(ends[1]);
  const pid_t child = checked(fork(), "fork");
  if (child == 0) {
    const Fd instance = xpoll_test::recvFd(there);
    tellUse(instance.get());
    _exit(0);
  }
  const Fd instance = checkedFd(epoll_create1(0), "create1");
  xpoll_test::sendFd(here, instance.get());
  return reap(child);
}

int forked(const Arguments&) {
  const Fd instance = checkedFd(epoll_create1(0), "create1");
  const Fd source = checkedFd(eventfd(1, 0), "eventfd");
  epoll_event event = makeEvent(EPOLLIN, 9);
  tell("add", [&] { return epoll_ctl(instance.get(), EPOLL_CTL_ADD, source.get(), &event); });
  const pid_t child = checked(fork(), "fork");
  if (child == 0) {
    tell("wait in the child", [&] { return epoll_wait(instance.get(), &event, 1, -1); });
    tellEvent(event);
    tellUse(instance.get());
    once({});
    _exit(0);
  }
  const int status = reap(child);
  tell("wait in the parent", [&] { return epoll_wait(instance.get(), &event, 1, -1); });
  tellEvent(event);
  return status;
}

int once(const Arguments&) {
  const Fd instance = checkedFd(epoll_create1(EPOLL_CLOEXEC), "create1");
  tellUse(instance.get());
  return 0;
}

int vforked(const Arguments&) {
  const Fd instance = checkedFd(epoll_create1(EPOLL_CLOEXEC), "create1");
  std::fflush(stdout);
  const pid_t child = vfork();
  if (child == 0) {
    execl("/proc/self/exe", "victim", "once", nullptr);
    _exit(1);
  }
  const int status = reap(child);
  tellUse(instance.get());
  return status;
}

int executed(const Arguments&) {
  once({});
  std::fflush(stdout);
  return execl("/proc/self/exe", "victim", "once", nullptr);
}

int wiped(const Arguments&) {
  for (char** variable = environ; *variable; ++variable)
    for (char* letter = *variable; *letter; ++letter) *letter = 'x';
  return once({});
}

}  // namespace victim

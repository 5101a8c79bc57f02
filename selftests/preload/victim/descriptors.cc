// SPDX-License-Identifier: GPL-2.0-only
// Instances that the process did not get from epoll_create.
#include "tools/util/descriptors.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modes.h"
#include "tools/util/checked.h"
#include "transcript.h"
#include "util/fd_passing.h"

namespace victim {
namespace {

using xpoll::checked;
using xpoll::checked_fd;
using xpoll::unique_fd;

// Adds, waits, modifies, waits, removes, waits.
void tell_use(int epfd) {
  const unique_fd source = checked_fd(eventfd(1, 0), "eventfd");
  epoll_event event = make_event(EPOLLIN, 7);
  tell("add", [&] { return epoll_ctl(epfd, EPOLL_CTL_ADD, source.get(), &event); });
  tell("add again", [&] { return epoll_ctl(epfd, EPOLL_CTL_ADD, source.get(), &event); });
  tell("wait", [&] { return epoll_wait(epfd, &event, 1, -1); });
  tell_event(event);
  event = make_event(EPOLLOUT, 8);
  tell("change", [&] { return epoll_ctl(epfd, EPOLL_CTL_MOD, source.get(), &event); });
  tell("pwait", [&] { return epoll_pwait(epfd, &event, 1, -1, nullptr); });
  tell_event(event);
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
  tell_use(std::stoi(arguments.at(0)));
  return 0;
}

int duplicated(const Arguments&) {
  unique_fd first = checked_fd(epoll_create1(0), "create1");
  const unique_fd second = xpoll::duplicate(first);
  tell_use(second.get());
  first.reset();
  tell_use(second.get());
  return 0;
}

int passed(const Arguments&) {
  int ends[2];
  checked(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
  const unique_fd here(ends[0]);
  const unique_fd there(ends[1]);
  const pid_t child = checked(fork(), "fork");
  if (child == 0) {
    const unique_fd instance = xpoll::test::recv_fd(there);
    tell_use(instance.get());
    _exit(0);
  }
  const unique_fd instance = checked_fd(epoll_create1(0), "create1");
  xpoll::test::send_fd(here, instance.get());
  return reap(child);
}

int forked(const Arguments&) {
  const unique_fd instance = checked_fd(epoll_create1(0), "create1");
  const unique_fd source = checked_fd(eventfd(1, 0), "eventfd");
  epoll_event event = make_event(EPOLLIN, 9);
  tell("add", [&] { return epoll_ctl(instance.get(), EPOLL_CTL_ADD, source.get(), &event); });
  const pid_t child = checked(fork(), "fork");
  if (child == 0) {
    tell("wait in the child", [&] { return epoll_wait(instance.get(), &event, 1, -1); });
    tell_event(event);
    tell_use(instance.get());
    once({});
    _exit(0);
  }
  const int status = reap(child);
  tell("wait in the parent", [&] { return epoll_wait(instance.get(), &event, 1, -1); });
  tell_event(event);
  return status;
}

int once(const Arguments&) {
  const unique_fd instance = checked_fd(epoll_create1(EPOLL_CLOEXEC), "create1");
  tell_use(instance.get());
  return 0;
}

int vforked(const Arguments&) {
  const unique_fd instance = checked_fd(epoll_create1(EPOLL_CLOEXEC), "create1");
  std::fflush(stdout);
  const pid_t child = vfork();
  if (child == 0) {
    execl("/proc/self/exe", "victim", "once", nullptr);
    _exit(1);
  }
  const int status = reap(child);
  tell_use(instance.get());
  return status;
}

int executed(const Arguments&) {
  once({});
  std::fflush(stdout);
  return execl("/proc/self/exe", "victim", "once", nullptr);
}

int ghosts(const Arguments&) {
  const unique_fd instance = checked_fd(epoll_create1(0), "create1");
  unique_fd source = checked_fd(eventfd(1, 0), "eventfd");
  epoll_event event = make_event(EPOLLIN, 9);
  const int number = source.get();
  tell("add", [&] { return epoll_ctl(instance.get(), EPOLL_CTL_ADD, number, &event); });
  const pid_t child = checked(fork(), "fork");
  if (child == 0) return pause();
  source.reset();
  tell("events of the closed one", [&] { return epoll_wait(instance.get(), &event, 1, 0); });
  tell("del", [&] { return epoll_ctl(instance.get(), EPOLL_CTL_DEL, number, nullptr); });
  checked(kill(child, SIGKILL), "kill");
  reap(child);
  return 0;
}

int wiped(const Arguments&) {
  for (char** variable = environ; *variable; ++variable)
    for (char* letter = *variable; *letter; ++letter) *letter = 'x';
  return once({});
}

}  // namespace victim

// SPDX-License-Identifier: GPL-2.0-only
// A library that uses epoll when it is loaded.
#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>
#include <initializer_list>

namespace {

__attribute__((constructor)) void use_epoll() {
  int ends[2];
  if (pipe(ends) != 0) return;
  const int epfd = epoll_create1(0);
  epoll_event event{.events = EPOLLIN | EPOLLOUT, .data = {.u32 = 42}};
  const int added = epoll_ctl(epfd, EPOLL_CTL_ADD, ends[1], &event);
  const int ready = epoll_wait(epfd, &event, 1, 0);
  std::printf("early: instance %d, ctl %d, wait %d\n", epfd, added, ready);
  for (const int fd : {epfd, ends[0], ends[1]}) close(fd);
}

}  // namespace

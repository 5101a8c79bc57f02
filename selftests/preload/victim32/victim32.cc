// SPDX-License-Identifier: GPL-2.0-only
// A 32-bit program that uses epoll and knows nothing of xpoll. It prints what each call returned.
#include <signal.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>

int main() {
  const int epfd = epoll_create1(EPOLL_CLOEXEC);
  const int counter = eventfd(1, EFD_CLOEXEC);
  const timespec soon = {.tv_sec = 0, .tv_nsec = 1'000'000};
  sigset_t none;
  epoll_event event = {};

  sigemptyset(&none);
  event.events = EPOLLIN;
  event.data.u64 = 0x1122334455667788;
  printf("add %d, ", epoll_ctl(epfd, EPOLL_CTL_ADD, counter, &event));
  printf("wait %d, ", epoll_wait(epfd, &event, 1, -1));
  printf("events %#x, data %#llx\n", event.events, static_cast<unsigned long long>(event.data.u64));
  printf("pwait %d, ", epoll_pwait(epfd, &event, 1, -1, &none));
  printf("pwait2 %d\n", epoll_pwait2(epfd, &event, 1, &soon, &none));
  printf("delete %d, ", epoll_ctl(epfd, EPOLL_CTL_DEL, counter, nullptr));
  printf("pwait2 %d\n", epoll_pwait2(epfd, &event, 1, &soon, nullptr));
  return 0;
}

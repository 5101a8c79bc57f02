// SPDX-License-Identifier: GPL-2.0-only
// The ABI from a 32-bit process. abi32_test.cc runs it: `abi32 layout` prints the header's layout
// for this compiler; the other commands make calls and exit with 0, or with 1 and the line of the
// first failure.
//
// It does not use the C++ library, whose 32-bit version need not be installed.
#include <errno.h>
#include <fcntl.h>
#include <linux/xpoll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "layout.h"

namespace {

// The size of the kernel's set. glibc's is larger.
constexpr uint32_t kSigsetSize = 8;
constexpr uint64_t kData = 0xfedcba9876543210;
constexpr int64_t kForever = -1;

void require(bool condition, int line) {
  if (condition) return;
  printf("abi32.cc:%d: %s\n", line, strerror(errno));
  exit(EXIT_FAILURE);
}
#define REQUIRE(condition) require(condition, __LINE__)

uint64_t address(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

int open_device() {
  const int device = open("/dev/xpoll", O_RDWR | O_CLOEXEC);
  REQUIRE(device >= 0);
  return device;
}

int create_instance() {
  struct xpoll_create create {};
  create.flags = XPOLL_CLOEXEC;
  const int ep = ioctl(open_device(), XPOLL_IOC_CREATE, &create);
  REQUIRE(ep >= 0);
  return ep;
}

int ctl(int ep, int op, int fd, uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.u64 = kData;
  struct xpoll_ctl args {};
  args.op = op;
  args.fd = fd;
  args.event = address(&event);
  return ioctl(ep, XPOLL_IOC_CTL, &args);
}

int wait(int ep, epoll_event* event, int64_t timeout_ns, const sigset_t* sigmask) {
  struct xpoll_wait args {};
  args.events = address(event);
  args.timeout_ns = timeout_ns;
  args.sigmask = address(sigmask);
  args.maxevents = 1;
  args.sigsetsize = kSigsetSize;
  return ioctl(ep, XPOLL_IOC_WAIT, &args);
}

void layout() {
  for (const LayoutEntry& entry : kLayout) printf("%s %lu\n", entry.name, entry.value);
}

void features() {
  struct xpoll_features features;
  memset(&features, 0xff, sizeof(features));
  REQUIRE(ioctl(open_device(), XPOLL_IOC_FEATURES, &features) == 0);
  REQUIRE(features.abi_version == XPOLL_ABI_VERSION);
  REQUIRE(features.features & XPOLL_FEATURE_LAST_CLOSE);
  for (const uint32_t reserved : features.reserved) REQUIRE(reserved == 0);
}

void events() {
  const int ep = create_instance();
  const int fd = eventfd(1, EFD_CLOEXEC);
  epoll_event event{};
  REQUIRE(ctl(ep, EPOLL_CTL_ADD, fd, EPOLLIN) == 0);
  REQUIRE(wait(ep, &event, kForever, nullptr) == 1);
  REQUIRE(event.events == EPOLLIN && event.data.u64 == kData);
  REQUIRE(ctl(ep, EPOLL_CTL_MOD, fd, EPOLLOUT) == 0);
  REQUIRE(wait(ep, &event, 0, nullptr) == 1);
  REQUIRE(event.events == EPOLLOUT && event.data.u64 == kData);
  REQUIRE(ctl(ep, EPOLL_CTL_DEL, fd, 0) == 0);
  REQUIRE(wait(ep, &event, 1, nullptr) == 0);
}

// Two changes, one of which fails, and an event of each kind.
void enter() {
  const int ep = create_instance();
  const int fd = eventfd(1, EFD_CLOEXEC);
  struct xpoll_change changes[2]{};
  changes[0].op = EPOLL_CTL_ADD;
  changes[0].fd = fd;
  changes[0].events = EPOLLIN | EPOLLONESHOT;
  changes[0].data = kData;
  changes[1].op = EPOLL_CTL_DEL;
  changes[1].fd = ep;
  const uint64_t data = ~kData;
  epoll_event ready[2]{};
  struct xpoll_enter args {};
  args.changes = address(changes);
  args.events = address(ready);
  args.timeout_ns = kForever;
  args.nchanges = 2;
  args.maxevents = 2;
  REQUIRE(ioctl(ep, XPOLL_IOC_ENTER, &args) == 1);
  REQUIRE(args.done == 2 && args.failed == 1);
  REQUIRE(changes[0].result == 0 && changes[1].result == -EINVAL);
  REQUIRE(ready[0].events == EPOLLIN && ready[0].data.u64 == kData);
  REQUIRE(ioctl(ep, XPOLL_IOC_POST, &data) == 0);
  changes[0].op = EPOLL_CTL_MOD;
  args.nchanges = 1;
  args.minevents = 2;
  REQUIRE(ioctl(ep, XPOLL_IOC_ENTER, &args) == 2);
  REQUIRE(ready[0].data.u64 == data && ready[1].data.u64 == kData);
}

volatile sig_atomic_t handled;
void handle(int) { handled = handled + 1; }

bool is_blocked(int signal) {
  sigset_t now;
  REQUIRE(sigprocmask(SIG_BLOCK, nullptr, &now) == 0);
  return sigismember(&now, signal);
}

// The signal is blocked outside the wait and pending, so only the wait's mask decides whether it is
// delivered.
void wait_with_pending(int ep, int signal) {
  epoll_event event{};
  sigset_t all;
  sigset_t all_but_one;
  sigfillset(&all);
  sigfillset(&all_but_one);
  sigdelset(&all_but_one, signal);
  REQUIRE(sigprocmask(SIG_SETMASK, &all, nullptr) == 0);
  struct sigaction action {};
  action.sa_handler = handle;
  REQUIRE(sigaction(signal, &action, nullptr) == 0);
  REQUIRE(raise(signal) == 0);

  handled = 0;
  REQUIRE(wait(ep, &event, 1, &all) == 0);
  REQUIRE(handled == 0);
  REQUIRE(wait(ep, &event, kForever, &all_but_one) < 0 && errno == EINTR);
  REQUIRE(handled == 1);
  REQUIRE(is_blocked(signal));
}

// One signal from each half of the set.
void signal_mask() {
  const int ep = create_instance();
  wait_with_pending(ep, SIGUSR1);
  wait_with_pending(ep, SIGRTMIN + 8);
}

// Whether epoll_create1(2) creates an xpoll instance in this process.
bool creates_instances() {
  const int ep = epoll_create1(EPOLL_CLOEXEC);
  REQUIRE(ep >= 0);
  char path[32];
  char name[32]{};
  snprintf(path, sizeof(path), "/proc/self/fd/%d", ep);
  REQUIRE(readlink(path, name, sizeof(name) - 1) > 0);
  close(ep);
  return strcmp(name, "anon_inode:[xpoll]") == 0;
}

// Its exit status: see process_test.cc.
constexpr int kNative = 3;
void opted() { exit(creates_instances() ? EXIT_SUCCESS : kNative); }

// Tests epoll's own system calls, whose 32-bit entry points convert masks and timeouts.
void epoll_calls() {
  REQUIRE(creates_instances());
  const int ep = epoll_create1(EPOLL_CLOEXEC);
  const int fd = eventfd(1, EFD_CLOEXEC);
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = kData;
  sigset_t none;
  sigemptyset(&none);
  const timespec brief{0, 1000000};
  REQUIRE(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event) == 0);
  REQUIRE(epoll_ctl(ep, EPOLL_CTL_ADD, fd, &event) < 0 && errno == EEXIST);
  event = {};
  REQUIRE(epoll_wait(ep, &event, 1, -1) == 1);
  REQUIRE(event.events == EPOLLIN && event.data.u64 == kData);
  REQUIRE(epoll_pwait2(ep, &event, 1, nullptr, &none) == 1);
  REQUIRE(epoll_ctl(ep, EPOLL_CTL_DEL, fd, nullptr) == 0);
  REQUIRE(epoll_pwait(ep, &event, 1, 1, &none) == 0);
  REQUIRE(epoll_pwait2(ep, &event, 1, &brief, &none) == 0);
}

struct Command {
  const char* name;
  void (*run)();
};

constexpr Command kCommands[] = {
    {"layout", layout}, {"features", features},       {"events", events}, {"sigmask", signal_mask},
    {"opted", opted},   {"epoll-calls", epoll_calls}, {"enter", enter}};

}  // namespace

int main(int argc, char** argv) {
  for (const Command& command : kCommands) {
    if (argc != 2 || strcmp(argv[1], command.name) != 0) continue;
    command.run();
    return EXIT_SUCCESS;
  }
  fprintf(stderr, "usage: abi32 layout|features|events|sigmask|opted|epoll-calls|enter\n");
  return EXIT_FAILURE;
}

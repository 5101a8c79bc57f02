// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <linux/xpoll.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "ioctlfuzz/worker.h"
#include "tools/util/sockets.h"
#include "util/fd_passing.h"

namespace xpoll::ioctlfuzz {

void Worker::open_slot(Random& random) { slots_.fill(random, slots_.pick(random)); }

// Replaces another descriptor, possibly the last one of its file.
void Worker::dup_slot(Random& random) {
  const int from = slots_.pick(random);
  dup3(from, slots_.pick_target(random), O_CLOEXEC);
}

// Mostly refilled at once, since calls on closed descriptors find nothing.
void Worker::close_slot(Random& random) {
  const int number = slots_.pick(random);
  ::close(number);
  if (random.chance(80)) slots_.fill(random, number);
}

// The file is held for a while only by a socket's queue, or by a cycle of sockets that the garbage
// collector must find.
void Worker::pass_slot(Random& random) {
  const auto [one, other] = xpoll::unix_pair();
  // A copy, since other threads may close the number at any time.
  const unique_fd copy(fcntl(slots_.pick(random), F_DUPFD_CLOEXEC, 0));
  if (!copy.valid()) return;
  xpoll::test::send_fd(one, copy.get());
  if (random.chance(50)) {
    xpoll::test::send_fd(one, other.get());
    return;
  }
  slots_.put(slots_.pick_target(random), xpoll::test::recv_fd(other));
}

// Reads or writes a byte or a count, whatever the type. An unsuitable descriptor returns an error.
void Worker::stir(Random& random) {
  std::uint64_t count = 1;
  const int number = slots_.pick(random);
  const ssize_t moved = random.chance(60) ? write(number, &count, sizeof(count))
                                          : read(number, &count, sizeof(count));
  tally_.count("stir", moved < 0 ? errno : 0);
}

void Worker::poll_slots(Random& random) {
  std::array<pollfd, 4> requests{};
  for (pollfd& request : requests) request = {slots_.pick(random), POLLIN | POLLOUT, 0};
  checked(TEMP_FAILURE_RETRY(poll(requests.data(), requests.size(), 0)), "poll");
}

void Worker::map_table(Random& random) {
  const int number =
      random.chance(50) ? slots_.pick_as_instance(random) : slots_.pick_as_device(random);
  judge("mmap", table_.map(number, random), false);
}

void Worker::write_table(Random& random) { table_.write(random); }

void Worker::write_ring(Random& random) { ring_.write(random); }

void Worker::read_fdinfo(Random& random) {
  const std::string path = "/proc/self/fdinfo/" + std::to_string(slots_.pick(random));
  const unique_fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> text{};
  // Another thread may close the number between open() and read().
  const ssize_t length = file.get() < 0 ? -1 : read(file.get(), text.data(), text.size());
  tally_.count("fdinfo", length < 0 ? errno : 0);
}

// A child that inherits all descriptors, makes a few calls and is killed or exits. It may have
// copied other threads' locks in a locked state, so it only makes raw system calls.
void Worker::fork(Random& random) {
  const int instance = slots_.pick(random);
  struct xpoll_wait wait {};
  wait.events = reinterpret_cast<std::uintptr_t>(&wait);
  wait.maxevents = 1;
  wait.timeout_ns = random.chance(50) ? -1 : 0;
  const bool die = wait.timeout_ns < 0 || random.chance(50);
  const pid_t child = static_cast<pid_t>(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
  if (child == 0) {
    ioctl(instance, XPOLL_IOC_WAIT, &wait);
    _exit(0);
  }
  checked(child, "fork");
  if (die) checked(kill(child, SIGKILL), "kill");
  checked(TEMP_FAILURE_RETRY(waitpid(child, nullptr, 0)), "waitpid");
}

// An instance or device is always open, so this fails.
void Worker::unload(Random&) {
  judge("unload", syscall(SYS_delete_module, "xpoll", O_NONBLOCK), true);
}

}  // namespace xpoll::ioctlfuzz

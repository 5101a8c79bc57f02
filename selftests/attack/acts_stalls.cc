// SPDX-License-Identifier: GPL-2.0-only
// Acts in which a call waits for user space while it holds mutexes that other tasks need.
#include <fcntl.h>
#include <linux/xpoll.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <array>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include "attack/acts.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/enter.h"
#include "util/fault_gate.h"
#include "util/hanging_file.h"
#include "util/raw.h"

namespace xpoll::attack {
namespace {

using Threads = std::vector<std::thread>;

// @inner watches a file, and @outer watches @inner.
struct Nest {
  unique_fd inner;
  unique_fd outer;
};

Nest nest_over(const Scene& scene, int file) {
  Nest nest{.inner = scene.backend.instance(), .outer = scene.backend.instance()};
  scene.backend.add(nest.inner.get(), file, EPOLLIN);
  scene.backend.add(nest.outer.get(), nest.inner.get(), EPOLLIN);
  return nest;
}

void read_file_of(const std::string& path) {
  std::array<char, 4096> text{};
  const unique_fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  while (read(file.get(), text.data(), text.size()) > 0) {
  }
}

void poll_once(int file) {
  pollfd request{.fd = file, .events = POLLIN, .revents = 0};
  poll(&request, 1, 0);
}

// While a call hangs: others change the instance, read its fdinfo, poll an instance that watches
// it, and nest more of them.
Threads disturb(const Scene& scene, const Nest& nest, int file) {
  const int inner = nest.inner.get();
  const int outer = nest.outer.get();
  Threads threads;
  threads.emplace_back([outer] { poll_once(outer); });
  threads.emplace_back([&scene, inner, file] { scene.backend.mod(inner, file, EPOLLIN); });
  threads.emplace_back([inner] { read_file_of("/proc/self/fdinfo/" + std::to_string(inner)); });
  threads.emplace_back([&scene, inner, outer] {
    const unique_fd above = scene.backend.instance();
    scene.backend.add(above.get(), outer, EPOLLIN);
    scene.backend.add(inner, above.get(), EPOLLIN);
  });
  return threads;
}

void pause_below_400_ms(const Scene& scene) {
  std::this_thread::sleep_for(std::chrono::milliseconds(scene.below(400)));
}

void join(std::thread& stalled, Threads& others) {
  stalled.join();
  for (std::thread& other : others) other.join();
}

// Blocks in the middle of a call, with the mutex of the instance.
void call_with(const Scene& scene, int instance, const test::FaultGate& gate, bool enter) {
  if (!enter) {
    scene.backend.wait(instance, gate.array_gated_at(0), 1, -1);
    return;
  }
  struct xpoll_enter arguments {};
  arguments.events = test::address(gate.array_gated_at(0));
  arguments.maxevents = 1;
  ioctl(instance, XPOLL_IOC_ENTER, &arguments);
}

// Calls ->poll() of the file with the mutex of an instance. On native epoll the last call also
// holds the mutex of all nested additions.
void call_poll(const Scene& scene, const Nest& nest, int file, int call) {
  std::array<epoll_event, 4> events{};
  switch (call) {
    case 0:
      scene.backend.wait(nest.inner.get(), events.data(), static_cast<int>(events.size()), 0);
      return;
    case 1:
      scene.backend.mod(nest.inner.get(), file, EPOLLIN);
      return;
    case 2:
      poll_once(nest.outer.get());
      return;
    default:
      scene.backend.del(nest.inner.get(), file);
      scene.backend.add(nest.inner.get(), file, EPOLLIN);
  }
}

}  // namespace

// The call hangs in a copy to user space.
void stalled_call(const Scene& scene) {
  if (!test::FaultGate::available()) return;
  const unique_fd file = make_eventfd(1);
  for (;;) {
    const Nest nest = nest_over(scene, file.get());
    test::FaultGate gate;
    const bool enter = scene.xpoll() && scene.random.chance(50);
    std::thread stalled([&] { call_with(scene, nest.inner.get(), gate, enter); });
    gate.wait_until_reached();
    scene.effect();
    Threads others = disturb(scene, nest, file.get());
    pause_below_400_ms(scene);
    gate.open();
    join(stalled, others);
  }
}

// The call hangs in ->poll() of a watched file.
void hanging_poll(const Scene& scene) {
  constexpr int kCalls = 4;
  const test::HangingFile file;
  for (;;) {
    const Nest nest = nest_over(scene, file.get());
    file.hang();
    std::thread stalled(
        [&, call = scene.below(kCalls)] { call_poll(scene, nest, file.get(), call); });
    file.wait_until_hung();
    scene.effect();
    Threads others = disturb(scene, nest, file.get());
    pause_below_400_ms(scene);
    file.go_on();
    join(stalled, others);
  }
}

}  // namespace xpoll::attack

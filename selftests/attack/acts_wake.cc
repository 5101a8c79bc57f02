// SPDX-License-Identifier: GPL-2.0-only
// Wake-ups: who is woken, how often, and what a wait does before it sleeps.
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <xpoll/xpoll.h>

#include <array>
#include <thread>
#include <vector>

#include "attack/acts.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/raw.h"

namespace xpoll::attack {
namespace {

using Threads = std::vector<std::thread>;

[[noreturn]] void wait_forever(const Scene& scene, int instance, int timeout_ms) {
  std::array<epoll_event, 4> events{};
  for (;;) scene.backend.wait(instance, events.data(), static_cast<int>(events.size()), timeout_ms);
}

unique_fd instance_in(const Scene& scene, const unique_fd& device) {
  if (!scene.xpoll()) return scene.backend.instance();
  struct xpoll_create create {};
  create.flags = XPOLL_CLOEXEC;
  create.group = static_cast<std::uint32_t>(checked(ioctl(device.get(), XPOLL_IOC_GROUP), "group"));
  return checked_fd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "create");
}

}  // namespace

void crowd_of_waiters(const Scene& scene) {
  const unique_fd file = make_eventfd();
  const unique_fd instance = scene.backend.instance();
  const bool watched =
      scene.backend.add(instance.get(), file.get(), EPOLLIN | (scene.below(2) ? EPOLLET : 0U)) == 0;
  Threads waiters;
  for (int i = scene.up_to(20); i > 0; --i)
    waiters.emplace_back(
        [&, timeout = scene.below(3)] { wait_forever(scene, instance.get(), timeout); });
  for (;;) {
    post(file);
    if (watched) scene.effect();
    take(file);
  }
}

// EXCLUSIVE watches of one file in a group whose policy and loads change.
void group_policies(const Scene& scene) {
  const unique_fd device = scene.xpoll() ? test::open_device() : unique_fd();
  const unique_fd file = make_eventfd();
  std::vector<unique_fd> instances;
  for (int i = scene.up_to(40); i > 0; --i) {
    instances.push_back(instance_in(scene, device));
    scene.backend.add(instances.back().get(), file.get(), EPOLLIN | EPOLLET | EPOLLEXCLUSIVE);
  }
  Threads waiters;
  for (std::size_t i = 0; i < instances.size() && i < 4; ++i)
    waiters.emplace_back([&, i] { wait_forever(scene, instances[i].get(), 1); });
  for (;;) {
    struct xpoll_wake wake {};
    wake.policy = scene.below(2) ? XPOLL_WAKE_ROUND_ROBIN : XPOLL_WAKE_LEAST_LOADED;
    if (scene.xpoll())
      ioctl(scene.below(2) ? device.get() : instances.front().get(), XPOLL_IOC_WAKE, &wake);
    for (int i = 0; i < 20; ++i) {
      post(file);
      take(file);
    }
    const unique_fd& one = instances[scene.random.below(instances.size())];
    scene.backend.del(one.get(), file.get());
    if (scene.backend.add(one.get(), file.get(), EPOLLIN | EPOLLET | EPOLLEXCLUSIVE) == 0)
      scene.effect();
  }
}

// Events of the instance's own, or of an eventfd, to an instance that others watch.
void post_flood(const Scene& scene) {
  const unique_fd file = make_eventfd();
  const unique_fd inner = scene.backend.instance();
  const unique_fd outer = scene.backend.instance();
  scene.backend.add(inner.get(), file.get(), EPOLLIN | EPOLLET);
  scene.backend.add(outer.get(), inner.get(), EPOLLIN | EPOLLET);
  std::thread waiter([&] { wait_forever(scene, outer.get(), 1); });
  std::thread drainer([&] { wait_forever(scene, inner.get(), 1); });
  const auto flood = [&] {
    for (;;) {
      if ((scene.xpoll() ? xpoll_post(inner.get(), 7) : eventfd_write(file.get(), 1)) == 0)
        scene.effect();
    }
  };
  std::thread other(flood);
  flood();
}

// Native epoll has the calls since Linux 6.9.
void busy_poll(const Scene& scene) {
  const TcpPair pair = tcp_pair();
  const unique_fd instance = scene.backend.instance();
  struct xpoll_busy_poll parameters {};
  for (;;) {
    parameters.usecs = static_cast<__u32>(scene.below(2)) * 2'000'000;
    parameters.budget = static_cast<__u16>(scene.below(100));
    if (ioctl(instance.get(), XPOLL_IOC_SET_BUSY_POLL, &parameters) == 0) scene.effect();
    scene.backend.add(instance.get(), pair.server.get(), EPOLLIN);
    write_all(pair.client, "x");
    std::array<epoll_event, 4> events{};
    scene.backend.wait(instance.get(), events.data(), static_cast<int>(events.size()), 10);
    drain(pair.server);
    scene.backend.wait(instance.get(), events.data(), static_cast<int>(events.size()), 10);
  }
}

}  // namespace xpoll::attack

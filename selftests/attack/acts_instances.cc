// SPDX-License-Identifier: GPL-2.0-only
// Instances: their number, their nesting, and who holds them.
#include <poll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

#include "attack/acts.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/fd_passing.h"

namespace xpoll::attack {
namespace {

using Fds = std::vector<unique_fd>;

Fds instances(const Scene& scene, int count) {
  Fds instances;
  for (int i = 0; i < count; ++i) instances.push_back(scene.backend.instance());
  return instances;
}

}  // namespace

void churn_instances(const Scene& scene) {
  const unique_fd file = make_eventfd(1);
  for (;;) {
    Fds some = instances(scene, std::min(scene.many(), 300));
    for (const unique_fd& one : some)
      if (scene.backend.add(one.get(), file.get(), EPOLLIN) == 0) scene.effect();
    while (!some.empty() && scene.random.chance(99)) {
      std::swap(some[scene.random.below(some.size())], some.back());
      some.pop_back();
    }
  }
}

// Layers of instances, each of which watches some or all of the layer below: the limits of depth
// and of paths are what keeps a wake-up of the file at the bottom short. A graph that watches no
// file yet is cheap to build, so mostly the file's watches come last.
void nest_wide(const Scene& scene) {
  constexpr std::array kWidths{4, 10, 20, 60};
  const unique_fd file = make_eventfd();
  for (;;) {
    const int width = scene.random.pick(kWidths);
    const std::uint64_t percent = scene.random.chance(70) ? 100 : 30;
    const bool file_last = scene.random.chance(70);
    std::vector<Fds> layers;
    layers.push_back(instances(scene, width));
    const auto watch_file = [&] {
      for (const unique_fd& lowest : layers.front())
        scene.backend.add(lowest.get(), file.get(), EPOLLIN);
    };
    if (!file_last) watch_file();
    int nested = 0;
    for (int depth = scene.up_to(5); depth > 0; --depth) {
      layers.push_back(instances(scene, width));
      for (const unique_fd& upper : layers.back())
        for (const unique_fd& lower : layers[layers.size() - 2])
          if (scene.random.chance(percent))
            nested += scene.backend.add(upper.get(), lower.get(),
                                        EPOLLIN | (scene.below(2) ? EPOLLET : 0U)) == 0;
    }
    if (file_last) watch_file();
    for (int i = scene.up_to(100); i > 0; --i) {
      post(file);
      pollfd top{.fd = layers.back()[scene.random.below(layers.back().size())].get(),
                 .events = POLLIN,
                 .revents = 0};
      poll(&top, 1, 0);
      take(file);
      if (nested > 0) scene.effect();
    }
  }
}

// Each of two threads adds halves of what would be cycles.
void nest_cycles(const Scene& scene) {
  constexpr int kInstances = 12;
  const Fds some = instances(scene, kInstances);
  const std::uint64_t seed = scene.random.bits();
  const auto add = [&](std::uint64_t stream) {
    Random random(seed, stream);
    for (;;) {
      const int upper = some[random.below(kInstances)].get();
      const int lower = some[random.below(kInstances)].get();
      if (random.chance(40))
        scene.backend.del(upper, lower);
      else if (scene.backend.add(upper, lower, EPOLLIN) == 0)
        scene.effect();
    }
  };
  std::thread other([&] { add(1); });
  add(2);
}

// Instances that only queues of sockets hold, also in cycles that the garbage collector must find.
void send_instances(const Scene& scene) {
  const unique_fd file = make_eventfd(1);
  for (;;) {
    const auto [one, other] = unix_pair();
    for (const unique_fd& instance : instances(scene, scene.up_to(30))) {
      scene.backend.add(instance.get(), file.get(), EPOLLIN);
      scene.backend.add(instance.get(), one.get(), EPOLLIN);
      if (test::send_with_fd(one.get(), instance.get()) > 0) scene.effect();
    }
    if (scene.random.chance(50)) test::send_with_fd(one.get(), other.get());
  }
}

}  // namespace xpoll::attack

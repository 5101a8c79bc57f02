// SPDX-License-Identifier: GPL-2.0-only
// Watches: many of one file, and the ends of many.
#include <fcntl.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>
#include <vector>

#include "attack/acts.h"
#include "attack/victim.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/raw.h"

namespace xpoll::attack {
namespace {

using Fds = std::vector<unique_fd>;

Fds dups(const unique_fd& file, int count) {
  Fds copies;
  for (int i = 0; i < count; ++i) copies.push_back(duplicate(file));
  return copies;
}

void shuffle(Fds& fds, Random& random) {
  for (std::size_t i = fds.size(); i > 1; --i) std::swap(fds[i - 1], fds[random.below(i)]);
}

// An instance whose watches end with their descriptors, if there are such.
unique_fd owning_instance(const Scene& scene) {
  if (!scene.xpoll()) return scene.backend.instance();
  const struct xpoll_create create {
    .flags = XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES, .group = 0
  };
  return checked_fd(ioctl(test::open_device().get(), XPOLL_IOC_CREATE, &create), "create");
}

}  // namespace

void many_dups(const Scene& scene) {
  for (;;) {
    const unique_fd file = make_eventfd();
    const unique_fd instance = scene.backend.instance();
    Fds copies = dups(file, scene.many());
    for (const unique_fd& copy : copies)
      scene.backend.add(instance.get(), copy.get(), EPOLLIN | (scene.below(2) ? EPOLLET : 0U));
    std::array<epoll_event, 64> events{};
    for (int i = scene.up_to(50); i > 0; --i) {
      post(file);
      if (scene.backend.wait(instance.get(), events.data(), static_cast<int>(events.size()), 0) > 0)
        scene.effect();
      take(file);
    }
    shuffle(copies, scene.random);
    for (const unique_fd& copy : copies) scene.backend.del(instance.get(), copy.get());
  }
}

// What finds one file among all that are watched has these to pass, if it passes any.
void many_files(const Scene& scene) {
  const unique_fd instance = scene.backend.instance();
  const auto watched = [&] {
    unique_fd file = make_eventfd(1);
    if (scene.backend.add(instance.get(), file.get(), EPOLLIN | EPOLLET) == 0) scene.effect();
    return file;
  };
  Fds files;
  for (int i = 2 * scene.many(); i > 0; --i) files.push_back(watched());
  for (;;) {
    unique_fd& one = files[scene.random.below(files.size())];
    one.reset();
    one = watched();
  }
}

// A wake-up of the file goes through all of them.
void many_instances(const Scene& scene) {
  const unique_fd file = make_eventfd();
  Fds instances;
  for (int i = scene.many(); i > 0; --i) {
    instances.push_back(scene.backend.instance());
    if (scene.backend.add(instances.back().get(), file.get(), EPOLLIN | EPOLLET) == 0)
      scene.effect();
  }
  for (;;) {
    post(file);
    take(file);
  }
}

// The victim's reply wakes all watches of the attacker's end of the connection.
void expensive_client(const Scene& scene) {
  const ServiceAddress address;
  const unique_fd connection = checked_fd(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
  checked(connect(connection.get(), address.get(), address.size), "connect");
  Fds instances;
  for (int i = scene.many(); i > 0; --i) {
    instances.push_back(scene.backend.instance());
    scene.backend.add(instances.back().get(), connection.get(), EPOLLIN | EPOLLET);
  }
  std::array<char, 64> data{};
  while (send(connection.get(), data.data(), data.size(), MSG_NOSIGNAL) > 0 &&
         recv(connection.get(), data.data(), data.size(), 0) > 0)
    scene.effect();
}

// All numbers of a few files, at once at the exit of the process.
void exit_with_watches(const Scene& scene) {
  const unique_fd instance = owning_instance(scene);
  std::vector<Fds> copies;
  const int many = scene.many();
  const int each = scene.up_to(std::min(many, 200));
  for (int i = 0; i < many / each; ++i) {
    copies.push_back(dups(make_eventfd(1), each));
    for (const unique_fd& copy : copies.back())
      if (scene.backend.add(instance.get(), copy.get(), EPOLLIN) == 0) scene.effect();
  }
  _exit(0);
}

// Closes of watched descriptors, some of them the last one of their file, beside waits and changes.
void close_watched(const Scene& scene) {
  const unique_fd instance = owning_instance(scene);
  const std::uint64_t seed = scene.random.bits();
  std::thread waiter([&] {
    std::array<epoll_event, 16> events{};
    for (;;) scene.backend.wait(instance.get(), events.data(), static_cast<int>(events.size()), 1);
  });
  const auto close_all = [&](std::uint64_t stream) {
    Random random(seed, stream);
    for (;;) {
      const unique_fd file = make_eventfd(random.chance(50) ? 1 : 0);
      Fds copies = dups(file, 1 + static_cast<int>(random.below(40)));
      for (const unique_fd& copy : copies)
        if (scene.backend.add(instance.get(), copy.get(), EPOLLIN) == 0) scene.effect();
      shuffle(copies, random);
      copies.clear();
    }
  };
  std::thread other([&] { close_all(1); });
  close_all(2);
}

void read_fdinfo(const Scene& scene) {
  const unique_fd file = make_eventfd();
  const unique_fd instance = scene.backend.instance();
  const Fds copies = dups(file, scene.many());
  for (const unique_fd& copy : copies) scene.backend.add(instance.get(), copy.get(), EPOLLIN);
  const std::string path = "/proc/self/fdinfo/" + std::to_string(instance.get());
  const auto read_all = [&] {
    std::vector<char> text(1 << 16);
    for (;;) {
      const unique_fd info(open(path.c_str(), O_RDONLY | O_CLOEXEC));
      while (read(info.get(), text.data(), text.size()) > 0) scene.effect();
    }
  };
  std::thread other(read_all);
  read_all();
}

}  // namespace xpoll::attack

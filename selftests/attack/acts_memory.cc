// SPDX-License-Identifier: GPL-2.0-only
// Memory that the kernel copies to and from, and that vanishes or is written by others.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>
#include <xpoll/ring.h>

#include <array>
#include <csignal>
#include <thread>

#include "attack/acts.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"

namespace xpoll::attack {
namespace {

constexpr std::size_t kPage = 4096;

// A child of the act ends with it.
pid_t fork_bound() {
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child != 0) return child;
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);
  return 0;
}

[[noreturn]] void scribble(const struct xpoll_ring& ring, std::uint64_t seed,
                           std::uint64_t stream) {
  Random random(seed, stream);
  for (;;) {
    struct xpoll_ring_event event {};
    if (random.chance(30)) xpoll_ring_take(&ring, &event);
    const auto value = static_cast<std::uint32_t>(random.bits());
    if (random.chance(50))
      __atomic_store_n(&ring.header->head, value, __ATOMIC_RELEASE);
    else
      __atomic_store_n(&ring.slots[random.below(16)].bits, value, __ATOMIC_RELEASE);
  }
}

}  // namespace

// The buffer's page is taken out of its file all the time.
void punched_buffer(const Scene& scene) {
  const unique_fd memory = checked_fd(memfd_create("punched", MFD_CLOEXEC), "memfd_create");
  checked(ftruncate(memory.get(), kPage), "ftruncate");
  void* page = mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
  checked(page == MAP_FAILED ? -1 : 0, "mmap");
  std::thread puncher([&] {
    for (;;) fallocate(memory.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, kPage);
  });
  const unique_fd file = make_eventfd(1);
  const unique_fd instance = scene.backend.instance();
  scene.backend.add(instance.get(), file.get(), EPOLLIN);
  for (;;) {
    auto* events = static_cast<epoll_event*>(page);
    events->events = EPOLLIN;
    scene.backend.ctl(instance.get(), EPOLL_CTL_MOD, file.get(), events);
    if (scene.backend.wait(instance.get(), events, 16, 0) > 0) scene.effect();
  }
}

// Children share the ring, or with native epoll the instance, and write into it.
void fork_with_ring(const Scene& scene) {
  const unique_fd file = make_eventfd();
  const std::uint64_t seed = scene.random.bits();
  struct xpoll_ring ring {};
  const unique_fd instance =
      scene.xpoll() ? checked_fd(xpoll_ring_create(16U << scene.below(6), EPOLL_CLOEXEC), "ring")
                    : scene.backend.instance();
  if (scene.xpoll()) checked(xpoll_ring_map(instance.get(), &ring), "xpoll_ring_map");
  for (std::uint64_t stream = 0; stream < 3; ++stream) {
    if (fork_bound() != 0) continue;
    if (scene.xpoll()) scribble(ring, seed, stream);
    std::array<epoll_event, 16> events{};
    for (;;) scene.backend.wait(instance.get(), events.data(), static_cast<int>(events.size()), 1);
  }
  for (;;) {
    const unique_fd other = make_eventfd(1);
    scene.backend.add(instance.get(), file.get(), EPOLLIN | (scene.below(2) ? EPOLLET : 0U));
    scene.backend.add(instance.get(), other.get(), EPOLLIN | EPOLLET);
    post(file);
    std::array<epoll_event, 16> events{};
    if (scene.backend.wait(instance.get(), events.data(), static_cast<int>(events.size()), 0) >= 0)
      scene.effect();
    scene.backend.del(instance.get(), file.get());
    take(file);
  }
}

}  // namespace xpoll::attack

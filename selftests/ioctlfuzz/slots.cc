// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/slots.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <limits>
#include <utility>

#include "tools/util/backend.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/raw.h"

namespace xpoll::ioctlfuzz {
namespace {

// Above all other descriptors of the program.
constexpr int kFirst = 200;
constexpr int kInstances = 10;
constexpr int kDevices = 2;
constexpr int kTargets = 28;
constexpr int kCount = kInstances + kDevices + kTargets;
constexpr int kFirstDevice = kFirst + kInstances;
constexpr int kFirstTarget = kFirstDevice + kDevices;

unique_fd open_file(const char* path, int flags) {
  return checked_fd(open(path, flags | O_NONBLOCK | O_CLOEXEC), path);
}

unique_fd instance() { return Backend::xpoll().instance(); }

// An instance in the group of this device, if it is one.
unique_fd member(int device) {
  const int group = ioctl(device, XPOLL_IOC_GROUP);
  const struct xpoll_create create {
    .flags = XPOLL_CLOEXEC, .group = static_cast<std::uint32_t>(group)
  };
  unique_fd created(group < 0 ? -1 : ioctl(device, XPOLL_IOC_CREATE, &create));
  return created.valid() ? std::move(created) : instance();
}

// Descriptor types, those that are often ready listed more than once.
const std::array<std::function<unique_fd()>, 16> kKinds{
    instance,
    xpoll::test::open_device,
    [] { return xpoll::make_eventfd(); },
    [] { return xpoll::make_eventfd(1); },
    [] { return xpoll::make_eventfd(1); },
    [] { return xpoll::make_pipe().reader; },
    [] { return xpoll::make_pipe().writer; },
    [] { return xpoll::unix_pair().first; },
    [] { return xpoll::udp_pair().first; },
    [] { return xpoll::make_pty().master; },
    [] { return xpoll::make_pty().slave; },
    [] { return xpoll::make_timerfd(); },
    [] { return xpoll::make_signalfd(SIGUSR2); },
    [] { return Backend::native().instance(); },
    [] { return open_file("/proc/self/exe", O_RDONLY); },
    [] { return open_file("/dev/xpoll", O_PATH); },
};

}  // namespace

Slots::Slots() {
  Random random(0, 0);
  // Fill devices before instances, half of which join a device's group.
  for (int slot = kCount; slot-- > 0;) fill(random, kFirst + slot);
}

Slots::~Slots() { close_range(kFirst, kFirst + kCount - 1, 0); }

int Slots::pick(Random& random) const { return kFirst + static_cast<int>(random.below(kCount)); }

int Slots::pick_target(Random& random) const {
  return kFirstTarget + static_cast<int>(random.below(kTargets));
}

int Slots::pick_as_instance(Random& random) const {
  return random.chance(85) ? kFirst + static_cast<int>(random.below(kInstances)) : pick_any(random);
}

int Slots::pick_as_device(Random& random) const {
  return random.chance(80) ? kFirstDevice + static_cast<int>(random.below(kDevices))
                           : pick_any(random);
}

int Slots::pick_as_target(Random& random) const {
  return random.chance(80) ? pick_target(random) : pick_any(random);
}

int Slots::pick_any(Random& random) const {
  constexpr std::array kNone{-1, kFirst + kCount, 1 << 20, std::numeric_limits<int>::max(),
                             std::numeric_limits<int>::min()};
  return random.chance(80) ? pick(random) : random.pick(kNone);
}

void Slots::put(int number, const unique_fd& file) const {
  checked(dup3(file.get(), number, O_CLOEXEC), "dup3");
}

void Slots::fill(Random& random, int number) const {
  const bool fitting = random.chance(90);
  if (fitting && number < kFirstDevice)
    put(number, random.chance(50) ? instance() : member(pick_as_device(random)));
  else if (fitting && number < kFirstTarget)
    put(number, xpoll::test::open_device());
  else
    put(number, random.pick(kKinds)());
}

}  // namespace xpoll::ioctlfuzz

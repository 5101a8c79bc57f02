// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/slots.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <limits>

#include "util/backend.h"
#include "util/descriptors.h"
#include "util/raw.h"
#include "util/sockets.h"

namespace xpoll_ioctlfuzz {
namespace {

using xpoll_test::Backend;
using xpoll_test::checked;
using xpoll_test::checkedFd;
using xpoll_test::Fd;

// Above all that the program has open for itself.
constexpr int kFirst = 200;
constexpr int kInstances = 10;
constexpr int kDevices = 2;
constexpr int kTargets = 28;
constexpr int kCount = kInstances + kDevices + kTargets;
constexpr int kFirstDevice = kFirst + kInstances;
constexpr int kFirstTarget = kFirstDevice + kDevices;

Fd openFile(const char* path, int flags) {
  return checkedFd(open(path, flags | O_NONBLOCK | O_CLOEXEC), path);
}

Fd instance() { return Backend::xpoll().instance(); }

// What is ready more often than the rest.
const std::array<std::function<Fd()>, 16> kKinds{
    instance,
    xpoll_test::openDevice,
    [] { return xpoll_test::makeEventfd(); },
    [] { return xpoll_test::makeEventfd(1); },
    [] { return xpoll_test::makeEventfd(1); },
    [] { return xpoll_test::makePipe().reader; },
    [] { return xpoll_test::makePipe().writer; },
    [] { return xpoll_test::unixPair().first; },
    [] { return xpoll_test::udpPair().first; },
    [] { return xpoll_test::makePty().master; },
    [] { return xpoll_test::makePty().slave; },
    [] { return xpoll_test::makeTimerfd(); },
    [] { return xpoll_test::makeSignalfd(SIGUSR2); },
    [] { return Backend::native().instance(); },
    [] { return openFile("/proc/self/exe", O_RDONLY); },
    [] { return openFile("/dev/xpoll", O_PATH); },
};

}  // namespace

Slots::Slots() {
  Random random(0, 0);
  for (int slot = 0; slot < kCount; ++slot) fill(random, kFirst + slot);
}

Slots::~Slots() { close_range(kFirst, kFirst + kCount - 1, 0); }

int Slots::pick(Random& random) const { return kFirst + static_cast<int>(random.below(kCount)); }

int Slots::pickTarget(Random& random) const {
  return kFirstTarget + static_cast<int>(random.below(kTargets));
}

int Slots::pickAsInstance(Random& random) const {
  return random.chance(85) ? kFirst + static_cast<int>(random.below(kInstances)) : pickAny(random);
}

int Slots::pickAsDevice(Random& random) const {
  return random.chance(80) ? kFirstDevice + static_cast<int>(random.below(kDevices))
                           : pickAny(random);
}

int Slots::pickAsTarget(Random& random) const {
  return random.chance(80) ? pickTarget(random) : pickAny(random);
}

int Slots::pickAny(Random& random) const {
  constexpr std::array kNone{-1, kFirst + kCount, 1 << 20, std::numeric_limits<int>::max(),
                             std::numeric_limits<int>::min()};
  return random.chance(80) ? pick(random) : random.pick(kNone);
}

void Slots::put(int number, const Fd& file) const {
  checked(dup3(file.get(), number, O_CLOEXEC), "dup3");
}

void Slots::fill(Random& random, int number) const {
  const bool fitting = random.chance(90);
  if (fitting && number < kFirstDevice)
    put(number, instance());
  else if (fitting && number < kFirstTarget)
    put(number, xpoll_test::openDevice());
  else
    put(number, random.pick(kKinds)());
}

}  // namespace xpoll_ioctlfuzz

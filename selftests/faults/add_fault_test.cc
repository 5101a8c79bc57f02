// SPDX-License-Identifier: GPL-2.0-only
#include <functional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "faults/fault_test.h"
#include "faults/sweep.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

// A descriptor to watch, and the descriptors that must stay open with it.
struct Held {
  unique_fd watched;
  unique_fd other{};
};

struct Target {
  std::string name;
  std::function<Held()> make;
  std::uint32_t events = EPOLLIN;
  // Whether the instance that it is added to is watched itself, so that paths are counted.
  bool below_another = false;

  friend std::ostream& operator<<(std::ostream& out, const Target& target) {
    return out << target.name;
  }
};

Held ready_eventfd() { return {make_eventfd(1)}; }

Held socket() {
  TcpPair pair = tcp_pair();
  return {std::move(pair.server), std::move(pair.client)};
}

// A file with two wait queues.
Held tty() {
  Pty pty = make_pty();
  return {std::move(pty.slave), std::move(pty.master)};
}

Held instance() { return {Backend::xpoll().instance()}; }

Held instance_over_instance() {
  Held held{Backend::xpoll().instance(), Backend::xpoll().instance()};
  checked(Backend::xpoll().add(held.watched.get(), held.other.get(), EPOLLIN), "add");
  return held;
}

const std::vector<Target> kTargets{
    {.name = "eventfd", .make = ready_eventfd},
    {.name = "idleEventfd", .make = [] { return Held{make_eventfd()}; }},
    {.name = "exclusive", .make = ready_eventfd, .events = EPOLLIN | EPOLLEXCLUSIVE},
    {.name = "edgeOneshot", .make = ready_eventfd, .events = EPOLLIN | EPOLLET | EPOLLONESHOT},
    {.name = "wakeup", .make = ready_eventfd, .events = EPOLLIN | EPOLLWAKEUP},
    {.name = "socket", .make = socket},
    {.name = "tty", .make = tty},
    {.name = "ttyWithWakeup", .make = tty, .events = EPOLLIN | EPOLLWAKEUP},
    {.name = "instance", .make = instance},
    {.name = "instance_over_instance", .make = instance_over_instance},
    {.name = "eventfdBelowAnother", .make = ready_eventfd, .below_another = true},
    {.name = "ttyBelowAnother", .make = tty, .below_another = true},
    {.name = "instanceBelowAnother", .make = instance, .below_another = true},
};

class AddFaultTest : public FaultTest, public testing::WithParamInterface<Target> {};

INSTANTIATE_TEST_SUITE_P(, AddFaultTest, testing::ValuesIn(kTargets),
                         [](const auto& info) { return info.param.name; });

TEST_P(AddFaultTest, AFailedAddChangesNothingAndTheNextSucceeds) {
  const unique_fd ep = backend_.instance();
  const unique_fd above = backend_.instance();
  const unique_fd ready = make_eventfd(1);
  const Held held = GetParam().make();
  const unique_fd& target = held.watched;
  ASSERT_THAT(backend_.add(ep.get(), ready.get(), EPOLLIN), SyscallSucceeds());
  if (GetParam().below_another) {
    ASSERT_THAT(backend_.add(above.get(), ep.get(), EPOLLIN), SyscallSucceeds());
  }
  const auto both = [&] { return std::vector<int>{ep.get(), above.get()}; };
  sweep_faults({
      .call = [&] { return backend_.add(ep.get(), target.get(), GetParam().events); },
      .undo = [&] { checked(backend_.del(ep.get(), target.get()), "del"); },
      .errors = {EFAULT, ENOMEM},
      .descriptors = both,
      .instances = both,
  });
}

class NativeFaultTest : public FaultTest {};

TEST_F(NativeFaultTest, AFailedAddOfTheInstanceToNativeEpollChangesNothing) {
  const Backend native = Backend::native();
  const unique_fd outer = native.instance();
  const unique_fd ep = backend_.instance();
  const unique_fd ready = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), ready.get(), EPOLLIN), SyscallSucceeds());
  const auto instance = [&] { return std::vector<int>{ep.get()}; };
  sweep_faults({
      .call = [&] { return native.add(outer.get(), ep.get(), EPOLLIN | EPOLLWAKEUP); },
      .undo = [&] { checked(native.del(outer.get(), ep.get()), "del"); },
      .errors = {EFAULT, ENOMEM},
      .descriptors = instance,
      .instances = instance,
  });
}

}  // namespace
}  // namespace xpoll::test

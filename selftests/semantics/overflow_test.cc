// SPDX-License-Identifier: GPL-2.0-only
// Events that arrive while a scan has taken the ready items.
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class OverflowTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    if (!FaultGate::available()) GTEST_SKIP() << "userfaultfd is not permitted";
  }
};
XPOLL_FOR_EACH_BACKEND(OverflowTest);

// The item was polled already and is about to leave the list. Its new edge must not be lost with
// it.
TEST_P(OverflowTest, EdgeOfAFileWhoseEventIsJustBeingDeliveredIsReportedByTheNextWait) {
  const unique_fd ep = backend_.instance();
  const unique_fd eventfd = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), eventfd.get(), EPOLLIN | EPOLLET), SyscallSucceeds());
  FaultGate gate;
  epoll_event* events = gate.array_gated_at(0);
  Waiter waiter(backend_, ep.get(), events, 1);
  gate.wait_until_reached();
  post(eventfd);
  gate.open();
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  EXPECT_THAT(events[0], Event(eventfd.get(), EPOLLIN));
  EXPECT_THAT(backend_.ready(ep.get()), Events(Event(eventfd.get(), EPOLLIN)));
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// Events that arrive while a scan has taken the ready items.
#include <sys/eventfd.h>

#include <atomic>
#include <cstdint>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/fault_gate.h"
#include "util/matchers.h"
#include "util/requires.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

class OverflowTest : public EachBackend {
 protected:
  void SetUp() override {
    EachBackend::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    XPOLL_REQUIRE(FaultGate::available(), "userfaultfd");
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

// More than leave the overflow list under one hold of the lock.
TEST_P(OverflowTest, ManyThatBecomeReadyDuringAScanComeInTheirOrderAndBeforeWhatItKept) {
  constexpr int kFiles = 300;
  const unique_fd ep = backend_.instance();
  const unique_fd kept = make_eventfd(1);
  const unique_fd not_polled = make_eventfd(1);
  for (const unique_fd* fd : {&kept, &not_polled})
    ASSERT_THAT(backend_.add(ep.get(), fd->get(), EPOLLIN), SyscallSucceeds());
  std::vector<unique_fd> files;
  std::vector<int> expected{not_polled.get()};
  while (files.size() < kFiles) {
    files.push_back(make_eventfd());
    expected.push_back(files.back().get());
    ASSERT_THAT(backend_.add(ep.get(), files.back().get(), EPOLLIN), SyscallSucceeds());
  }
  expected.push_back(kept.get());
  FaultGate gate;
  Waiter waiter(backend_, ep.get(), gate.array_gated_at(0), 1);
  gate.wait_until_reached();
  for (const unique_fd& file : files) post(file);
  gate.open();
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  std::vector<int> delivered;
  for (const epoll_event& event : backend_.ready(ep.get(), 0, kFiles + 2))
    delivered.push_back(event.data.fd);
  EXPECT_EQ(delivered, expected);
}

using OverflowRaceTest = EachBackend;
XPOLL_FOR_EACH_BACKEND(OverflowRaceTest);

// Edges arrive while long overflow lists are merged. One that is lost leaves its count unread.
TEST_P(OverflowRaceTest, NoEdgeIsLostWhileManyBecomeReadyDuringEachScan) {
  constexpr std::size_t kFiles = 400;
  const unique_fd ep = backend_.instance();
  std::vector<unique_fd> files;
  while (files.size() < kFiles) {
    files.push_back(make_eventfd());
    checked(backend_.add(ep.get(), files.back().get(), EPOLLIN | EPOLLET), "add");
  }
  const int rounds = stress_rounds(60);
  std::atomic<bool> done = false;
  Thread writer([&] {
    const SetAtExit finish(done);
    for (int round = 0; round < rounds; ++round)
      for (const unique_fd& file : files) post(file);
  });
  std::uint64_t taken = 0;
  const auto drain = [&] {
    const std::vector<epoll_event> events = backend_.ready(ep.get(), 0, kFiles);
    for (const epoll_event& event : events) {
      eventfd_t count = 0;
      if (eventfd_read(event.data.fd, &count) == 0) taken += count;
    }
    return !events.empty();
  };
  while (!done) drain();
  writer.join();
  while (drain()) continue;
  EXPECT_EQ(taken, static_cast<std::uint64_t>(rounds) * kFiles);
}

}  // namespace
}  // namespace xpoll::test

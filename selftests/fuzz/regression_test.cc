// SPDX-License-Identifier: GPL-2.0-only
// Sequences as xpoll-fuzz prints them. It found them when faults were put into the module on
// purpose: each test fails with the fault that its comment names.
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include "change.h"
#include "lockstep.h"
#include "util/each_backend.h"

namespace xpoll::fuzz {
namespace {

// A Divergence fails the test and shows the difference.
class RegressionTest : public xpoll::test::XpollOnly {
 public:
  void SetUp() override {
    XpollOnly::SetUp();
    if (IsSkipped() || HasFatalFailure()) GTEST_SKIP();
  }

  Stage stage;
  Lockstep lockstep{stage};
};

// Fault: xp_delivered() did not disarm the item.
TEST_F(RegressionTest, AFiredOneshotIsDisarmed) {
  lockstep.create(13, 0x0);
  lockstep.unix_pair(1, 0, SOCK_DGRAM);
  lockstep.ctl(13, EPOLL_CTL_ADD, 1, EPOLLOUT | EPOLLONESHOT, 0x0);
  lockstep.wait(13, 1, 0);
}

// Fault: xp_deliver_batch() removed the bit.
TEST_F(RegressionTest, RdhupIsReported) {
  lockstep.unix_pair(0, 13, SOCK_DGRAM);
  lockstep.create(12, 0x0);
  lockstep.ctl(12, EPOLL_CTL_ADD, 13, EPOLLRDHUP, 0x0);
  lockstep.shutdown(13, SHUT_RD);
  lockstep.wait(12, 1, 0);
}

// Fault: xp_queue_item() queued the item at the head of the list.
TEST_F(RegressionTest, WhatIsReadyFirstIsDeliveredFirst) {
  lockstep.create(7, 0x0);
  lockstep.unix_pair(8, 16, SOCK_DGRAM);
  lockstep.pipe(18, 3);
  lockstep.write(8, 0);
  lockstep.ctl(7, EPOLL_CTL_ADD, 18, EPOLLIN, 0x0);
  lockstep.ctl(7, EPOLL_CTL_ADD, 16, EPOLLIN, 0x4e);
  lockstep.write(3, 1);
  lockstep.wait(7, 1, 0);
}

// Fault: EP_MAX_NESTS was 5, one link too many.
TEST_F(RegressionTest, AChainOfFiveLinksIsRefused) {
  lockstep.create(2, 0x0);
  lockstep.create(19, 0x0);
  lockstep.create(6, 0x0);
  lockstep.create(18, 0x0);
  lockstep.create(0, 0x0);
  lockstep.ctl(2, EPOLL_CTL_ADD, 0, 0x0, 0x0);
  lockstep.create(15, 0x0);
  lockstep.ctl(0, EPOLL_CTL_ADD, 18, 0x0, 0x0);
  lockstep.ctl(19, EPOLL_CTL_ADD, 6, 0x0, 0x0);
  lockstep.ctl(18, EPOLL_CTL_ADD, 19, 0x0, 0x0);
  lockstep.ctl(6, EPOLL_CTL_ADD, 15, 0x0, 0x0);
}

// Fault: xp_delivered() put every item back, as if level-triggered.
TEST_F(RegressionTest, AnEdgeIsDeliveredOnce) {
  lockstep.poll_after_each_step(true);
  lockstep.create(12, 0x0);
  lockstep.create(11, 0x0);
  lockstep.unix_pair(5, 18, SOCK_STREAM);
  lockstep.ctl(12, EPOLL_CTL_ADD, 5, EPOLLIN, 0x0);
  lockstep.ctl(11, EPOLL_CTL_ADD, 12, EPOLLIN | EPOLLET, 0x0);
  lockstep.write(18, 1);
  lockstep.wait(11, 1, 0);
}

// Fault: xp_ctl_mod() ignored EPOLLEXCLUSIVE.
TEST_F(RegressionTest, AnExclusiveWatchCannotBeChanged) {
  lockstep.create(17, 0x0);
  lockstep.unix_pair(11, 0, SOCK_SEQPACKET);
  lockstep.ctl(17, EPOLL_CTL_ADD, 11, EPOLLEXCLUSIVE, 0x0);
  lockstep.ctl(17, EPOLL_CTL_MOD, 11, 0x0, 0x0);
}

// Fault: xp_last_close() did nothing in an exiting process.
TEST_F(RegressionTest, TheLastCloseByAChildThatEndsRemovesTheWatch) {
  lockstep.create(8, 0x0);
  lockstep.create(18, 0x0);
  lockstep.fork(0);
  lockstep.ctl(8, EPOLL_CTL_ADD, 18, 0x0, 0x0);
  lockstep.tcp(0, 18);
  lockstep.exit_child(0);
}

// Fault: xp_fdinfo_show() removed the bit.
TEST_F(RegressionTest, FdinfoShowsEdgeTriggering) {
  lockstep.create(12, 0x0);
  lockstep.create(11, 0x0);
  lockstep.ctl(11, EPOLL_CTL_ADD, 12, EPOLLET, 0x0);
}

// Fault: ENTER put a ready watch that a later change named again behind watches that became ready
// after it.
TEST_F(RegressionTest, AChangeByADescriptorThatWasChangedKeepsTheOrderOfEvents) {
  lockstep.create(14, 0x0);
  lockstep.pipe(0, 1);
  lockstep.unix_pair(1, 12, SOCK_SEQPACKET);
  lockstep.close(1);
  lockstep.enter(14, 1, Change{Change::kUpsert, 0, EPOLLONESHOT, 0x3d}.pack(),
                 Change{EPOLL_CTL_ADD, 12, 0x0, 0x3d}.pack(),
                 Change{EPOLL_CTL_ADD, 0, 0x0, 0xa4}.pack());
}

// Fault: EPOLL_CTL_MOD left bits in the slot of a ring that the watch does not wait for any more.
TEST_F(RegressionTest, AChangeTakesBackWhatARingHasOfTheWatch) {
  lockstep.pipe(6, 19);
  lockstep.ring(4);
  lockstep.ring_enter(4, EPOLL_CTL_ADD, 6, EPOLLIN, 0x0);
  lockstep.write(19, 1);
  lockstep.ring_by_number(4, EPOLL_CTL_MOD, 6, 0x0, 0x0);
  lockstep.ring_take(4, 1);
}

// Fault: XPOLL_IOC_POST woke nobody if the event before had not been delivered.
TEST_F(RegressionTest, APostWakesThePollersAgain) {
  lockstep.poll_after_each_step(true);
  lockstep.create(6, 0x0);
  lockstep.create(0, 0x0);
  lockstep.ctl(0, EPOLL_CTL_ADD, 6, EPOLLIN | EPOLLET, 0x0);
  lockstep.post(6, 0x0);
  lockstep.wait(0, 1, 0);
  lockstep.post(6, 0x0);
}

// Fault of the fuzzer: it did not notice that an event said that the file was readable.
TEST_F(RegressionTest, RoomForOutputDoesNotMakeASocketReadable) {
  lockstep.ring(0);
  lockstep.unix_pair(2, 3, SOCK_STREAM);
  lockstep.ring_ctl(0, EPOLL_CTL_ADD, 2, EPOLLIN | EPOLLOUT | EPOLLET, 0x2);
  lockstep.ring_take(0, 0);
  lockstep.write(2, 1);
  lockstep.read(3, 1);
  lockstep.ring_take(0, 0);
}

// Fault of the fuzzer: it forgot at a change that the file had been readable.
TEST_F(RegressionTest, AChangeKeepsWhatARingHasOfTheWatchAndItWaitsFor) {
  lockstep.ring(12);
  lockstep.unix_pair(4, 3, SOCK_STREAM);
  lockstep.ring_ctl(12, EPOLL_CTL_ADD, 3, EPOLLIN, 0x0);
  lockstep.write(4, 1);
  lockstep.drain(3);
  lockstep.ring_enter(12, EPOLL_CTL_MOD, 3, EPOLLIN, 0x0);
  lockstep.ring_take(12, 0);
}

// Fault of the fuzzer: it did not notice that dup() had replaced the descriptor of a watch, which a
// ring still finds by the number of its slot, and native epoll no longer by its descriptor.
TEST_F(RegressionTest, AReplacedDescriptorIsNotThatOfTheWatchInARing) {
  lockstep.ring(11);
  lockstep.pipe(0, 18);
  lockstep.pipe(8, 0);
  lockstep.dup(18, 0);
  lockstep.ring_enter(11, EPOLL_CTL_ADD, 18, 0x0, 0x0);
  lockstep.dup(8, 18);
  lockstep.ring_by_number(11, EPOLL_CTL_MOD, 18, 0x0, 0x0);
}

}  // namespace
}  // namespace xpoll::fuzz

// SPDX-License-Identifier: GPL-2.0-only
// The last close beside scans of a task that sleeps again and again and never returns: the peer
// sees the end of the connection all the same.
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <tuple>
#include <utility>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/race.h"
#include "util/sockets.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/wait_until.h"

namespace xpoll_test {
namespace {

// Native epoll keeps the file now and then: see Difference::kSleeperKeepsNoClosedFile.
class RaceCloseTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    ASSERT_THAT(backend_.add(ep_.get(), end_.get(), EPOLLIN), SyscallSucceeds());
  }

  // Data wakes those who wait for EPOLLPRI too, for nothing.
  void prepare(std::pair<Fd, Fd> pair) {
    std::tie(peer_, watched_) = std::move(pair);
    checked(backend_.add(ep_.get(), watched_.get(), EPOLLPRI), "add");
    scans_ = statsOf(ep_).scans;
    closed_ = false;
  }
  void fireUntilClosed() const {
    while (!closed_) send(peer_.get(), "x", 1, MSG_NOSIGNAL);
  }
  void closeAmidstScans() {
    while (statsOf(ep_).scans == scans_) continue;
    watched_.reset();
    closed_ = true;
  }

  void expectEnds(int rounds, const std::function<std::pair<Fd, Fd>()>& connect) {
    int result = 0;
    Thread sleeper([&] {
      epoll_event event;
      result = backend_.wait(ep_.get(), &event, 1, -1);
    });
    {
      const PostAtExit end_at_exit(end_);
      race(
          rounds, [&] { prepare(connect()); },
          {[&] { fireUntilClosed(); }, [&] { closeAmidstScans(); }},
          [&] { EXPECT_NO_THROW(waitUntil("the peer gone", [&] { return isPeerGone(peer_); })); });
    }
    sleeper.join();
    EXPECT_EQ(result, 1);
    EXPECT_EQ(statsOf(ep_).events, 1U) << "the sleeper returned in between";
    EXPECT_EQ(statsOf(ep_).open_watches, 1U);
  }

 private:
  Fd ep_;
  const Fd end_ = makeEventfd();
  Fd peer_;
  Fd watched_;
  std::uint64_t scans_ = 0;
  std::atomic<bool> closed_{false};
};

TEST_F(RaceCloseTest, SleepingWaiterKeepsNoUnixSocketOpen) {
  expectEnds(stressRounds(300), [] { return unixPair(); });
}

TEST_F(RaceCloseTest, SleepingWaiterKeepsNoTcpSocketOpen) {
  expectEnds(stressRounds(100), [] {
    TcpPair pair = tcpPair();
    return std::pair(std::move(pair.client), std::move(pair.server));
  });
}

}  // namespace
}  // namespace xpoll_test

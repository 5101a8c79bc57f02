// SPDX-License-Identifier: GPL-2.0-only
// The last close races with scans of a task that sleeps repeatedly and never returns. The peer must
// still see the end of the connection.
#include <sys/socket.h>

#include <atomic>
#include <functional>
#include <tuple>
#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/race.h"
#include "util/stats.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

// Native epoll sometimes keeps the file: see Difference::kSleeperKeepsNoClosedFile.
class RaceCloseTest : public XpollOnly {
 protected:
  void SetUp() override {
    XpollOnly::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    ep_ = backend_.instance();
    ASSERT_THAT(backend_.add(ep_.get(), end_.get(), EPOLLIN), SyscallSucceeds());
  }

  // Data also wakes waiters for EPOLLPRI, spuriously.
  void prepare(std::pair<unique_fd, unique_fd> pair) {
    std::tie(peer_, watched_) = std::move(pair);
    checked(backend_.add(ep_.get(), watched_.get(), EPOLLPRI), "add");
    scans_ = stats_of(ep_).scans;
    closed_ = false;
  }
  void fire_until_closed() const {
    while (!closed_) send(peer_.get(), "x", 1, MSG_NOSIGNAL);
  }
  void close_amidst_scans() {
    while (stats_of(ep_).scans == scans_) continue;
    watched_.reset();
    closed_ = true;
  }

  void expect_ends(int rounds, const std::function<std::pair<unique_fd, unique_fd>()>& connect) {
    int result = 0;
    Thread sleeper([&] {
      epoll_event event;
      result = backend_.wait(ep_.get(), &event, 1, -1);
    });
    {
      const PostAtExit end_at_exit(end_);
      race(
          rounds, [&] { prepare(connect()); },
          {[&] { fire_until_closed(); }, [&] { close_amidst_scans(); }},
          [&] { wait_until("the peer gone", [&] { return is_peer_gone(peer_); }); });
    }
    sleeper.join();
    EXPECT_EQ(result, 1);
    EXPECT_EQ(stats_of(ep_).events, 1U) << "the sleeper returned in between";
    EXPECT_EQ(stats_of(ep_).open_watches, 1U);
  }

 private:
  unique_fd ep_;
  const unique_fd end_ = make_eventfd();
  unique_fd peer_;
  unique_fd watched_;
  std::uint64_t scans_ = 0;
  std::atomic<bool> closed_{false};
};

TEST_F(RaceCloseTest, SleepingWaiterKeepsNoUnixSocketOpen) {
  expect_ends(stress_rounds(300), [] { return unix_pair(); });
}

TEST_F(RaceCloseTest, SleepingWaiterKeepsNoTcpSocketOpen) {
  expect_ends(stress_rounds(100), [] {
    TcpPair pair = tcp_pair();
    return std::pair(std::move(pair.client), std::move(pair.server));
  });
}

}  // namespace
}  // namespace xpoll::test

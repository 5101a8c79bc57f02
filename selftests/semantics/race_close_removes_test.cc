// SPDX-License-Identifier: GPL-2.0-only
// A watch that ends with its descriptor: the end races with everything else. A use after free shows
// as a KASAN report. Each test expects that no watch is left of a number that is gone, although
// the file stays open and is ready.
#include <fcntl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <tuple>
#include <vector>

#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "util/close_removes.h"
#include "util/fd_passing.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/race.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr int kRounds = 250;
constexpr int kFewRounds = 40;  // for a test that starts processes

class RaceCloseRemovesTest : public CloseRemovesTest {
 protected:
  // A new instance, and a number of the file, which stays open and ready.
  void prepare() {
    ep_ = instance();
    number_ = checked(fcntl(file_.get(), F_DUPFD_CLOEXEC, 0), "F_DUPFD_CLOEXEC");
  }
  void close_number() const { ::close(number_); }
  void expect_ended() {
    if (!ep_.valid()) return;
    EXPECT_EQ(watch_count(ep_.get()), 0U);
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  }
  bool is_watched(int number) const {
    return std::ranges::any_of(watches_of(ep_.get()),
                               [&](const Watch& watch) { return watch.fd == number; });
  }
  void scan() {
    std::array<epoll_event, 4> events;
    result_.set(backend_.wait(ep_.get(), events.data(), events.size(), 0));
  }

  const unique_fd file_ = make_eventfd(1);
  unique_fd ep_;
  int number_ = -1;
  RaceResult result_;
};
XPOLL_CLOSE_REMOVES(RaceCloseRemovesTest);

TEST_P(RaceCloseRemovesTest, AddAndClose) {
  race(
      stress_rounds(kRounds), [&] { prepare(); },
      {[&] { result_.set(add(ep_.get(), number_)); }, [&] { close_number(); }},
      [&] {
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        expect_ended();
      });
}

TEST_P(RaceCloseRemovesTest, AddCloseAndDel) {
  RaceResult del;
  race(
      stress_rounds(kRounds), [&] { prepare(); },
      {[&] { result_.set(add(ep_.get(), number_)); }, [&] { close_number(); },
       [&] { del.set(backend_.del(ep_.get(), number_)); }},
      [&] {
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        EXPECT_TRUE(del.is_ok_or(EBADF) || del.error == ENOENT) << errno_text(del.error);
        expect_ended();
      });
}

TEST_P(RaceCloseRemovesTest, AddAndDup2OfAnotherFile) {
  const unique_fd other = make_eventfd();
  race(
      stress_rounds(kRounds), [&] { prepare(); },
      {[&] { result_.set(add(ep_.get(), number_)); }, [&] { dup2(other.get(), number_); }},
      [&] {
        // The watch that may be left is of the other file, which is not ready.
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
        close_number();
        expect_ended();
      });
}

TEST_P(RaceCloseRemovesTest, AddCloseAndReuseOfTheNumberByTheSameFile) {
  int again = -1;
  race(
      stress_rounds(kRounds), [&] { prepare(); },
      {[&] { result_.set(add(ep_.get(), number_)); },
       [&] {
         close_number();
         again = dup(file_.get());
       }},
      [&] {
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        ::close(again);
        expect_ended();
      });
}

TEST_P(RaceCloseRemovesTest, CloseScanAndInstanceClose) {
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        ASSERT_THAT(add(ep_.get(), number_), SyscallSucceeds());
      },
      {[&] { close_number(); }, [&] { scan(); }, [&] { ::close(ep_.get()); }},
      [&] { static_cast<void>(ep_.release()); });
}

TEST_P(RaceCloseRemovesTest, CloseScanAndAWake) {
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        ASSERT_THAT(add(ep_.get(), number_, EPOLLIN | EPOLLET), SyscallSucceeds());
      },
      {[&] { close_number(); }, [&] { scan(); }, [&] { post(file_); }}, [&] { expect_ended(); });
}

TEST_P(RaceCloseRemovesTest, CloseAndTheLastClose) {
  unique_fd peer;
  unique_fd watched_socket;
  int dup = -1;
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        close_number();
        std::tie(peer, watched_socket) = unix_pair();
        dup = checked(::dup(watched_socket.get()), "dup");
        ASSERT_THAT(add(ep_.get(), watched_socket.get(), EPOLLOUT), SyscallSucceeds());
        ASSERT_THAT(add(ep_.get(), dup, EPOLLOUT), SyscallSucceeds());
      },
      {[&] { watched_socket.reset(); }, [&] { ::close(dup); }, [&] { scan(); }},
      [&] { expect_ended(); });
}

// Each close returns after the end of its own watch, though the other one's close may be at work
// with the same file.
TEST_P(RaceCloseRemovesTest, ClosesOfTwoNumbersOfOneFile) {
  int second = -1;
  std::array<bool, 2> left{};
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        second = checked(dup(file_.get()), "dup");
        ASSERT_THAT(add(ep_.get(), number_), SyscallSucceeds());
        ASSERT_THAT(add(ep_.get(), second), SyscallSucceeds());
      },
      {[&] {
         close_number();
         left[0] = is_watched(number_);
       },
       [&] {
         ::close(second);
         left[1] = is_watched(second);
       }},
      [&] {
        EXPECT_THAT(left, testing::Each(false));
        expect_ended();
      });
}

TEST_P(RaceCloseRemovesTest, ExitDelAndScan) {
  race(
      stress_rounds(kFewRounds), [&] { prepare(); },
      {[&] {
         Process child([&] {
           for (int i = 0; i < 20; ++i)
             if (add(ep_.get(), dup(file_.get())) < 0) return -1;
           return 0;
         });
         EXPECT_THAT(child.join(), SyscallSucceeds());
       },
       [&] {
         // The child's numbers may be numbers of this process, too.
         for (int number = number_; number < number_ + 20; ++number)
           backend_.del(ep_.get(), number);
       },
       [&] { scan(); }},
      [&] {
        close_number();
        expect_ended();
      });
}

TEST_P(RaceCloseRemovesTest, CloseOfTheSenderAndTheReceiver) {
  unique_fd sender;
  unique_fd receiver;
  std::tie(sender, receiver) = unix_pair();
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        ASSERT_THAT(add(ep_.get(), number_), SyscallSucceeds());
        send_fd(sender, number_);
      },
      {[&] { close_number(); },
       [&] {
         const unique_fd arrived = recv_fd(receiver);
         result_.set(add(ep_.get(), arrived.get()));
       }},
      [&] {
        EXPECT_TRUE(result_.is_ok_or(EEXIST)) << errno_text(result_.error);
        expect_ended();
      });
}

TEST_P(RaceCloseRemovesTest, ManyTasksAddAndCloseNumbersOfOneFile) {
  constexpr int kNumbers = 10;
  std::atomic<int> wrong = 0;
  // A number that another task is closing may mean the file again before the close has looked at
  // the watch, which stays then.
  const auto add_new = [&](const unique_fd& dup) {
    if (add(ep_.get(), dup.get()) < 0 && errno != EEXIST) ++wrong;
  };
  const auto churn = [&] {
    for (int i = 0; i < kNumbers; ++i) add_new(duplicate(file_));
  };
  const auto keep = [&] {
    std::vector<unique_fd> dups;
    for (int i = 0; i < kNumbers; ++i) {
      dups.push_back(duplicate(file_));
      add_new(dups.back());
    }
  };
  race(
      stress_rounds(kFewRounds), [&] { prepare(); }, {churn, churn, keep, [&] { scan(); }},
      [&] {
        EXPECT_EQ(wrong, 0);
        close_number();
        expect_ended();
      });
}

}  // namespace
}  // namespace xpoll::test

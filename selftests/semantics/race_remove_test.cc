// SPDX-License-Identifier: GPL-2.0-only
// All ways in which a watch can end race with each other. A use after free shows as a KASAN report.
// The expectations here are that each call returns one of its valid results and that nothing is
// left of the watch or its file.
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <list>
#include <tuple>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/race.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/watched.h"

namespace xpoll::test {
namespace {

class RaceRemoveTest : public EachBackend {
 protected:
  // A new instance, and a watched UNIX stream socket whose peer sees the last close immediately.
  void prepare() {
    ep_ = backend_.instance();
    std::tie(peer_, watched_) = unix_pair();
    number_ = watched_.release();
  }
  void add(std::uint32_t events) {
    ASSERT_THAT(backend_.add(ep_.get(), number_, events), SyscallSucceeds());
  }
  void close_number() const { ::close(number_); }
  void fire() const { send(peer_.get(), "x", 1, MSG_NOSIGNAL); }

  // If a file loses its last descriptor while a scan polls it, the kernel closes it slightly later.
  void expect_all_gone() {
    wait_until("the peer gone", [&] { return is_peer_gone(peer_); });
    if (!ep_.valid()) return;
    EXPECT_THAT(watches_of(ep_.get()), testing::IsEmpty());
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  }

  unique_fd ep_;
  unique_fd peer_;
  unique_fd watched_;
  int number_ = -1;
  RaceResult result_;
};
XPOLL_FOR_EACH_BACKEND(RaceRemoveTest);

constexpr int kRounds = 250;

TEST_P(RaceRemoveTest, DelLastCloseAndInstanceClose) {
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        add(EPOLLIN);
      },
      {[&] { result_.set(backend_.del(ep_.get(), number_)); }, [&] { close_number(); },
       [&] { ::close(ep_.get()); }},
      [&] {
        static_cast<void>(ep_.release());
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, DelLastCloseInstanceCloseAndAWake) {
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        add(EPOLLIN | EPOLLET);
      },
      {[&] { backend_.del(ep_.get(), number_); }, [&] { close_number(); },
       [&] { ::close(ep_.get()); }, [&] { fire(); }},
      [&] {
        static_cast<void>(ep_.release());
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, DelAndLastClose) {
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        add(EPOLLOUT);
      },
      {[&] { result_.set(backend_.del(ep_.get(), number_)); }, [&] { close_number(); }},
      [&] {
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, LastCloseAndInstanceClose) {
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        add(EPOLLOUT);
      },
      {[&] { close_number(); }, [&] { ::close(ep_.get()); }},
      [&] {
        static_cast<void>(ep_.release());
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, ModAndLastClose) {
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        add(EPOLLIN);
      },
      {[&] { result_.set(backend_.mod(ep_.get(), number_, EPOLLOUT)); }, [&] { close_number(); }},
      [&] {
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, AddAndTheLastClosesOfTwoDups) {
  int dup = -1;
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        dup = checked(::dup(number_), "dup");
      },
      {[&] { result_.set(backend_.add(ep_.get(), number_, EPOLLIN)); }, [&] { close_number(); },
       [&] { ::close(dup); }},
      [&] {
        EXPECT_TRUE(result_.is_ok_or(EBADF)) << errno_text(result_.error);
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, ScanAndLastClose) {
  // The scan must not poll a file whose last reference is being dropped.
  epoll_event event;
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        add(EPOLLOUT);
      },
      {[&] { result_.set(backend_.wait(ep_.get(), &event, 1, 0)); }, [&] { close_number(); },
       [&] {
         pollfd request{.fd = ep_.get(), .events = POLLIN, .revents = 0};
         poll(&request, 1, 0);
       }},
      [&] {
        EXPECT_GE(result_.value, 0) << errno_text(result_.error);
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, TwoInstancesAndTheLastClose) {
  unique_fd second;
  race(
      stress_rounds(kRounds),
      [&] {
        prepare();
        second = backend_.instance();
        add(EPOLLOUT);
        ASSERT_THAT(backend_.add(second.get(), number_, EPOLLOUT), SyscallSucceeds());
      },
      {[&] { close_number(); }, [&] { ::close(second.get()); },
       [&] { backend_.del(ep_.get(), number_); }},
      [&] {
        static_cast<void>(second.release());
        expect_all_gone();
      });
}

TEST_P(RaceRemoveTest, InnerAndOuterInstanceCloseUnderAWake) {
  unique_fd outer;
  const unique_fd eventfd = make_eventfd();
  race(
      stress_rounds(kRounds),
      [&] {
        ep_ = backend_.instance();
        outer = backend_.instance();
        ASSERT_THAT(backend_.add(ep_.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
        ASSERT_THAT(backend_.add(outer.get(), ep_.get(), EPOLLIN), SyscallSucceeds());
      },
      {[&] { ::close(ep_.get()); }, [&] { ::close(outer.get()); }, [&] { post(eventfd); }},
      [&] {
        static_cast<void>(ep_.release());
        static_cast<void>(outer.release());
        take(eventfd);
      });
}

TEST_P(RaceRemoveTest, NestIsBuiltAndTornDownFromBothEnds) {
  // Links above and below the middle are added and removed while the ends close.
  unique_fd top;
  unique_fd bottom;
  const unique_fd eventfd = make_eventfd();
  std::array<RaceResult, 2> adds;
  race(
      stress_rounds(kRounds),
      [&] {
        top = backend_.instance();
        ep_ = backend_.instance();
        bottom = backend_.instance();
        ASSERT_THAT(backend_.add(bottom.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
      },
      {[&] {
         adds[0].set(backend_.add(top.get(), ep_.get(), EPOLLIN));
         ::close(top.get());
       },
       [&] {
         adds[1].set(backend_.add(ep_.get(), bottom.get(), EPOLLIN));
         backend_.del(ep_.get(), bottom.get());
       },
       [&] { ::close(bottom.get()); }, [&] { post(eventfd); }},
      [&] {
        static_cast<void>(top.release());
        static_cast<void>(bottom.release());
        EXPECT_TRUE(adds[0].is_ok_or(EBADF)) << errno_text(adds[0].error);
        EXPECT_TRUE(adds[1].is_ok_or(EBADF)) << errno_text(adds[1].error);
        EXPECT_THAT(watches_of(ep_.get()), testing::IsEmpty());
        take(eventfd);
      });
}

// All threads use the same instance and the same few files.
class RaceChurnTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(RaceChurnTest);

TEST_P(RaceChurnTest, ScansOverflowAndDelLeaveAWorkingSet) {
  constexpr int kFiles = 8;
  constexpr std::uint32_t kEvents = EPOLLIN | EPOLLET;
  const unique_fd ep = backend_.instance();
  std::vector<unique_fd> files;
  for (int i = 0; i < kFiles; ++i) {
    files.push_back(make_eventfd());
    ASSERT_THAT(backend_.add(ep.get(), files[i].get(), kEvents, i), SyscallSucceeds());
  }
  std::atomic<bool> stop{false};
  std::atomic<int> strangers{0};
  Thread scanner([&] {
    std::array<epoll_event, kFiles> events;
    while (!stop) {
      const int count = backend_.wait(ep.get(), events.data(), kFiles, 1);
      for (int i = 0; i < count; ++i) {
        if (events[i].data.u64 >= kFiles) strangers.fetch_add(1);
      }
    }
  });
  Thread poster([&] {
    for (unsigned i = 0; !stop; ++i) post(files[i % kFiles]);
  });
  const SetAtExit stop_at_exit(stop);
  for (int round = stress_rounds(2000); round > 0; --round) {
    const unique_fd& file = files[round % kFiles];
    ASSERT_THAT(backend_.del(ep.get(), file.get()), SyscallSucceeds());
    ASSERT_THAT(backend_.add(ep.get(), file.get(), kEvents, round % kFiles), SyscallSucceeds());
  }
  stop = true;
  scanner.join();
  poster.join();
  EXPECT_EQ(strangers, 0);
  // No item is stuck on a list or off it: one wake-up of each file gives one event each.
  backend_.ready(ep.get());
  for (const unique_fd& file : files) post(file);
  EXPECT_EQ(backend_.ready(ep.get()).size(), std::size_t{kFiles});
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(RaceChurnTest, WaitThatStartsAfterDelNeverReportsTheItem) {
  const unique_fd ep = backend_.instance();
  const unique_fd victim = make_eventfd();
  const unique_fd steady = make_eventfd(1);
  ASSERT_THAT(backend_.add(ep.get(), steady.get(), EPOLLIN), SyscallSucceeds());
  std::atomic<bool> stop{false};
  Thread poster([&] {
    while (!stop) post(victim);
  });
  Thread scanner([&] {
    epoll_event event;
    while (!stop) backend_.wait(ep.get(), &event, 1, 1);
  });
  const SetAtExit stop_at_exit(stop);
  for (int round = stress_rounds(1500); round > 0; --round) {
    ASSERT_THAT(backend_.add(ep.get(), victim.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(backend_.del(ep.get(), victim.get()), SyscallSucceeds());
    ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(steady.get(), EPOLLIN)));
  }
}

TEST_P(RaceChurnTest, FilesThatComeAndGoUnderAScanLeaveNothing) {
  const unique_fd ep = backend_.instance();
  std::atomic<bool> stop{false};
  std::list<Thread> scanners;
  for (int i = 0; i < 2; ++i) {
    scanners.emplace_back([&] {
      std::array<epoll_event, 4> events;
      while (!stop) backend_.wait(ep.get(), events.data(), 4, 1);
    });
  }
  const SetAtExit stop_at_exit(stop);
  for (int round = stress_rounds(500); round > 0; --round) {
    Pipe pipe = make_pipe();
    write_all(pipe.writer, "x");
    ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), EPOLLOUT), SyscallSucceeds());
    pipe.reader.reset();
    // A scan that polls the file holds it for that time.
    wait_until("the reader closed", [&] { return is_peer_gone(pipe.writer); });
    pipe.writer.reset();
    wait_until_nothing_watched(ep.get());
  }
}

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// The ways in which a watch can end, all at once. A use after free shows as a report of KASAN; what
// is stated here is that each call gives one of its lawful results and that nothing is left of the
// watch or its file.
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <list>
#include <tuple>
#include <vector>

#include "util/descriptors.h"
#include "util/each_backend.h"
#include "util/eventfd.h"
#include "util/matchers.h"
#include "util/race.h"
#include "util/sockets.h"
#include "util/stress.h"
#include "util/thread.h"
#include "util/wait_until.h"
#include "util/watched.h"

namespace xpoll_test {
namespace {

struct Result {
  int value = 0;
  int error = 0;
  void set(int result) {
    value = result;
    error = errno;
  }
  bool isOkOr(int lawful_error) const { return value == 0 || error == lawful_error; }
};

class RaceRemoveTest : public EachBackend {
 protected:
  // A fresh instance, and a UNIX stream socket to be watched whose peer sees the last close at
  // once.
  void prepare() {
    ep_ = backend_.instance();
    std::tie(peer_, watched_) = unixPair();
    number_ = watched_.release();
  }
  void add(std::uint32_t events) {
    ASSERT_THAT(backend_.add(ep_.get(), number_, events), SyscallSucceeds());
  }
  void closeNumber() const { ::close(number_); }
  void fire() const { send(peer_.get(), "x", 1, MSG_NOSIGNAL); }

  // A file that lost its last descriptor while a scan asked it is closed by the kernel a little
  // later.
  void expectAllGone() {
    waitUntil("the peer gone", [&] { return isPeerGone(peer_); });
    if (!ep_.valid()) return;
    EXPECT_THAT(watchesOf(ep_.get()), testing::IsEmpty());
    EXPECT_THAT(backend_.ready(ep_.get()), NoEvents());
  }

  Fd ep_;
  Fd peer_;
  Fd watched_;
  int number_ = -1;
  Result result_;
};
XPOLL_FOR_EACH_BACKEND(RaceRemoveTest);

constexpr int kRounds = 250;

TEST_P(RaceRemoveTest, DelLastCloseAndInstanceClose) {
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        add(EPOLLIN);
      },
      {[&] { result_.set(backend_.del(ep_.get(), number_)); }, [&] { closeNumber(); },
       [&] { ::close(ep_.get()); }},
      [&] {
        ep_.release();
        EXPECT_TRUE(result_.isOkOr(EBADF)) << errnoText(result_.error);
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, DelLastCloseInstanceCloseAndAWake) {
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        add(EPOLLIN | EPOLLET);
      },
      {[&] { backend_.del(ep_.get(), number_); }, [&] { closeNumber(); },
       [&] { ::close(ep_.get()); }, [&] { fire(); }},
      [&] {
        ep_.release();
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, DelAndLastClose) {
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        add(EPOLLOUT);
      },
      {[&] { result_.set(backend_.del(ep_.get(), number_)); }, [&] { closeNumber(); }},
      [&] {
        EXPECT_TRUE(result_.isOkOr(EBADF)) << errnoText(result_.error);
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, LastCloseAndInstanceClose) {
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        add(EPOLLOUT);
      },
      {[&] { closeNumber(); }, [&] { ::close(ep_.get()); }},
      [&] {
        ep_.release();
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, ModAndLastClose) {
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        add(EPOLLIN);
      },
      {[&] { result_.set(backend_.mod(ep_.get(), number_, EPOLLOUT)); }, [&] { closeNumber(); }},
      [&] {
        EXPECT_TRUE(result_.isOkOr(EBADF)) << errnoText(result_.error);
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, AddAndTheLastClosesOfTwoDups) {
  int dup = -1;
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        dup = checked(::dup(number_), "dup");
      },
      {[&] { result_.set(backend_.add(ep_.get(), number_, EPOLLIN)); }, [&] { closeNumber(); },
       [&] { ::close(dup); }},
      [&] {
        EXPECT_TRUE(result_.isOkOr(EBADF)) << errnoText(result_.error);
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, ScanAndLastClose) {
  // The scan must not poll a file whose last reference is going.
  epoll_event event;
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        add(EPOLLOUT);
      },
      {[&] { result_.set(backend_.wait(ep_.get(), &event, 1, 0)); }, [&] { closeNumber(); },
       [&] {
         pollfd request{.fd = ep_.get(), .events = POLLIN, .revents = 0};
         poll(&request, 1, 0);
       }},
      [&] {
        EXPECT_GE(result_.value, 0) << errnoText(result_.error);
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, TwoInstancesAndTheLastClose) {
  Fd second;
  race(
      stressRounds(kRounds),
      [&] {
        prepare();
        second = backend_.instance();
        add(EPOLLOUT);
        ASSERT_THAT(backend_.add(second.get(), number_, EPOLLOUT), SyscallSucceeds());
      },
      {[&] { closeNumber(); }, [&] { ::close(second.get()); },
       [&] { backend_.del(ep_.get(), number_); }},
      [&] {
        second.release();
        expectAllGone();
      });
}

TEST_P(RaceRemoveTest, InnerAndOuterInstanceCloseUnderAWake) {
  Fd outer;
  const Fd eventfd = makeEventfd();
  race(
      stressRounds(kRounds),
      [&] {
        ep_ = backend_.instance();
        outer = backend_.instance();
        ASSERT_THAT(backend_.add(ep_.get(), eventfd.get(), EPOLLIN), SyscallSucceeds());
        ASSERT_THAT(backend_.add(outer.get(), ep_.get(), EPOLLIN), SyscallSucceeds());
      },
      {[&] { ::close(ep_.get()); }, [&] { ::close(outer.get()); }, [&] { post(eventfd); }},
      [&] {
        ep_.release();
        outer.release();
        take(eventfd);
      });
}

TEST_P(RaceRemoveTest, NestIsBuiltAndTornDownFromBothEnds) {
  // Links above and below the middle come and go while the ends close.
  Fd top;
  Fd bottom;
  const Fd eventfd = makeEventfd();
  std::array<Result, 2> adds;
  race(
      stressRounds(kRounds),
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
        top.release();
        bottom.release();
        EXPECT_TRUE(adds[0].isOkOr(EBADF)) << errnoText(adds[0].error);
        EXPECT_TRUE(adds[1].isOkOr(EBADF)) << errnoText(adds[1].error);
        EXPECT_THAT(watchesOf(ep_.get()), testing::IsEmpty());
        take(eventfd);
      });
}

// Every thread works on the same instance and the same few files all the time.
class RaceChurnTest : public EachBackend {};
XPOLL_FOR_EACH_BACKEND(RaceChurnTest);

TEST_P(RaceChurnTest, ScansOverflowAndDelLeaveAWorkingSet) {
  constexpr int kFiles = 8;
  constexpr std::uint32_t kEvents = EPOLLIN | EPOLLET;
  const Fd ep = backend_.instance();
  std::vector<Fd> files;
  for (int i = 0; i < kFiles; ++i) {
    files.push_back(makeEventfd());
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
  for (int round = stressRounds(2000); round > 0; --round) {
    const Fd& file = files[round % kFiles];
    ASSERT_THAT(backend_.del(ep.get(), file.get()), SyscallSucceeds());
    ASSERT_THAT(backend_.add(ep.get(), file.get(), kEvents, round % kFiles), SyscallSucceeds());
  }
  stop = true;
  scanner.join();
  poster.join();
  EXPECT_EQ(strangers, 0);
  // Nothing is stuck on a list or off it: one wake for each gives one event for each.
  backend_.ready(ep.get());
  for (const Fd& file : files) post(file);
  EXPECT_EQ(backend_.ready(ep.get()).size(), std::size_t{kFiles});
  EXPECT_THAT(backend_.ready(ep.get()), NoEvents());
}

TEST_P(RaceChurnTest, WaitThatStartsAfterDelNeverReportsTheItem) {
  const Fd ep = backend_.instance();
  const Fd victim = makeEventfd();
  const Fd steady = makeEventfd(1);
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
  for (int round = stressRounds(1500); round > 0; --round) {
    ASSERT_THAT(backend_.add(ep.get(), victim.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(backend_.del(ep.get(), victim.get()), SyscallSucceeds());
    ASSERT_THAT(backend_.ready(ep.get(), -1), Events(Event(steady.get(), EPOLLIN)));
  }
}

TEST_P(RaceChurnTest, FilesThatComeAndGoUnderAScanLeaveNothing) {
  const Fd ep = backend_.instance();
  std::atomic<bool> stop{false};
  std::list<Thread> scanners;
  for (int i = 0; i < 2; ++i) {
    scanners.emplace_back([&] {
      std::array<epoll_event, 4> events;
      while (!stop) backend_.wait(ep.get(), events.data(), 4, 1);
    });
  }
  const SetAtExit stop_at_exit(stop);
  for (int round = stressRounds(500); round > 0; --round) {
    Pipe pipe = makePipe();
    writeAll(pipe.writer, "x");
    ASSERT_THAT(backend_.add(ep.get(), pipe.reader.get(), EPOLLIN), SyscallSucceeds());
    ASSERT_THAT(backend_.add(ep.get(), pipe.writer.get(), EPOLLOUT), SyscallSucceeds());
    pipe.reader.reset();
    // A scan that polls the file holds it for that moment.
    waitUntil("the reader closed", [&] { return isPeerGone(pipe.writer); });
    pipe.writer.reset();
    waitUntilNothingWatched(ep.get());
  }
}

}  // namespace
}  // namespace xpoll_test

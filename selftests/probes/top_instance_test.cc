// SPDX-License-Identifier: GPL-2.0-only
// Which instances xpoll-top shows, and what they are.
#include <fcntl.h>
#include <unistd.h>

#include <vector>

#include "probes/top_run.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

Json closed_row(const Json& interval) {
  for (const Json& row : interval.at("instances"))
    if (row.at("pid") == getpid() && row.at("closed") == true) return row;
  return nullptr;
}

class TopInstanceTest : public EachBackend {
 protected:
  const unique_fd watched_ = make_eventfd();
};
XPOLL_FOR_EACH_BACKEND(TopInstanceTest);

TEST_P(TopInstanceTest, OneThatWasThereBeforeIsShownWithItsWatches) {
  const unique_fd ep = backend_.instance();
  const unique_fd other = make_eventfd();
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), other.get(), EPOLLIN), SyscallSucceeds());
  const Json row = TopOfInstance(ep.get()).end();
  EXPECT_EQ(row["kind"], backend_.name());
  EXPECT_EQ(row["watches"], 2);
  EXPECT_EQ(row["command"], Json(row["holders"][0]["command"]));
  EXPECT_EQ(row["closed"], false);
}

TEST_P(TopInstanceTest, WatchesThatComeAndGoAreCounted) {
  const unique_fd ep = backend_.instance();
  std::vector<unique_fd> targets;
  for (int i = 0; i < 5; ++i) targets.push_back(make_eventfd());
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  TopOfInstance top(ep.get());
  for (const unique_fd& target : targets)
    ASSERT_THAT(backend_.add(ep.get(), target.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), targets[0].get(), EPOLLIN), SyscallFailsWithErrno(EEXIST));
  ASSERT_THAT(backend_.mod(ep.get(), targets[0].get(), EPOLLOUT), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep.get(), targets[1].get()), SyscallSucceeds());
  targets.pop_back();
  EXPECT_EQ(top.end()["watches"], 1 + 5 - 1 - 1);
}

TEST_P(TopInstanceTest, OneThatIsMadeLaterIsShown) {
  TopRun run({"--json", "--interval", "3600"});
  run.wait_until_watching();
  const unique_fd ep = backend_.instance();
  post(watched_);
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), testing::SizeIs(1));
  const Json row = row_of(run.interrupt().interval(), ep.get());
  ASSERT_FALSE(row.is_null());
  EXPECT_EQ(row["kind"], backend_.name());
  EXPECT_EQ(row["watches"], 1);
  EXPECT_EQ(row["events"], 1);
}

TEST_P(TopInstanceTest, OneThatIsClosedIsShownOnceMoreWithWhatItDid) {
  TopRun run({"--json", "--interval", "3600"});
  run.wait_until_watching();
  unique_fd ep = backend_.instance();
  post(watched_);
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), testing::SizeIs(1));
  ep.reset();
  const TopResult result = run.interrupt();
  // By the number that it was made with, which the library may have changed.
  const Json row = closed_row(result.interval());
  ASSERT_FALSE(row.is_null()) << result.out;
  EXPECT_EQ(row["events"], 1);
  EXPECT_TRUE(row["watches"].is_null());
  EXPECT_GE(result.total()["total"][backend_.name()]["events"], 1);
}

TEST_P(TopInstanceTest, EachDescriptorOfItIsAHolder) {
  const unique_fd ep = backend_.instance();
  // Not for xpoll-top to inherit.
  const unique_fd twin = checked_fd(fcntl(ep.get(), F_DUPFD_CLOEXEC, 0), "F_DUPFD_CLOEXEC");
  const Json row = TopOfInstance(ep.get()).end();
  ASSERT_EQ(row["holders"].size(), 2U);
  EXPECT_EQ(row["holders"][0]["fd"], ep.get());
  EXPECT_EQ(row["holders"][1]["fd"], twin.get());
}

// What began before the probes were attached can be seen only in part.
TEST_P(TopInstanceTest, AWaitThatWasUnderWayIsReported) {
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  TopOfInstance top(ep.get());
  post(watched_);
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  const Json row = top.end();
  EXPECT_EQ(row["wakes"], 1);
  EXPECT_EQ(row["waits_under_way"], 1);
  EXPECT_EQ(row["events"], backend_.is_xpoll() ? 1 : 0);
}

TEST_P(TopInstanceTest, ThoseOfOtherProcessesCanBeLeftOut) {
  const unique_fd ep = backend_.instance();
  TopRun run({"--json", "--count", "1", "--interval", "0.01", "--pid", "1"});
  EXPECT_TRUE(row_of(run.join().interval(), ep.get()).is_null());
}

TEST_P(TopInstanceTest, CommandsOfOtherNamesCanBeLeftOut) {
  const unique_fd ep = backend_.instance();
  const auto shown = [&ep](const char* command) {
    TopRun run({"--json", "--count", "1", "--interval", "0.01", "--command", command});
    return !row_of(run.join().interval(), ep.get()).is_null();
  };
  EXPECT_TRUE(shown("xpoll-p"));
  EXPECT_FALSE(shown("no such command"));
}

TEST_P(TopInstanceTest, TheOtherKindCanBeLeftOut) {
  const unique_fd ep = backend_.instance();
  const auto shown = [&ep](const char* kind) {
    TopRun run({"--json", "--count", "1", "--interval", "0.01", kind});
    return !row_of(run.join().interval(), ep.get()).is_null();
  };
  require_xpoll();
  EXPECT_EQ(shown("--native"), backend_.is_native());
  EXPECT_EQ(shown("--xpoll"), backend_.is_xpoll());
}

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// Which instances xpoll-top shows, and their properties. All tests share one run.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "probes/top_run.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

Json closed_row(const std::vector<Json>& intervals) {
  for (const Json& interval : intervals)
    for (const Json& row : interval.at("instances"))
      if (row.at("pid") == getpid() && row.at("closed") == true) return row;
  return nullptr;
}

// Instances of one kind that exist before xpoll-top starts.
class EarlyInstances {
 public:
  explicit EarlyInstances(Backend backend)
      : with_two_watches(backend.instance()),
        with_one_watch(backend.instance()),
        with_a_waiter(backend.instance()) {
    const auto watch = [backend](const unique_fd& ep, const unique_fd& fd) {
      checked(backend.add(ep.get(), fd.get(), EPOLLIN), "watching");
    };
    watch(with_two_watches, one_);
    watch(with_two_watches, other_);
    watch(with_one_watch, one_);
    watch(with_a_waiter, awaited);
    waiter = std::make_unique<Waiter>(backend, with_a_waiter.get());
    waiter->wait_until_asleep();
  }

  const unique_fd awaited = make_eventfd();
  const unique_fd with_two_watches;
  const unique_fd with_one_watch;
  const unique_fd with_a_waiter;
  std::unique_ptr<Waiter> waiter;

 private:
  const unique_fd one_ = make_eventfd();
  const unique_fd other_ = make_eventfd();
};

class TopInstanceTest : public EachBackend {
 protected:
  static void SetUpTestSuite() {
    for (const Backend backend : {Backend::xpoll(), Backend::native()})
      early_instances[backend.name()] = std::make_unique<EarlyInstances>(backend);
    shared = std::make_unique<SharedTop>();
  }
  // Null if the set-up failed.
  static void TearDownTestSuite() {
    if (shared) end_shared();
    early_instances.clear();
  }

  // xpoll-top's total must equal the sum of the tests' intervals, including closed instances.
  static void end_shared() {
    const TopResult result = shared->interrupt();
    EXPECT_EQ(result.status, 0) << result.err;
    for (const auto& [name, events] : events_seen)
      EXPECT_EQ(result.total()["total"][name]["events"], events) << name;
    shared.reset();
  }

  EarlyInstances& early() const { return *early_instances.at(backend_.name()); }
  Json end_top(const unique_fd& ep) const { return seen(shared->end(ep.get())); }
  Json end_top_with_closed() const { return seen(closed_row(shared->end())); }

  const unique_fd watched_ = make_eventfd();
  static inline std::unique_ptr<SharedTop> shared;

 private:
  Json seen(Json row) const {
    if (!row.is_null()) events_seen[backend_.name()] += row["events"].get<int>();
    return row;
  }

  static inline std::map<std::string, std::unique_ptr<EarlyInstances>> early_instances;
  static inline std::map<std::string, int> events_seen;
};
XPOLL_FOR_EACH_BACKEND(TopInstanceTest);

TEST_P(TopInstanceTest, OneThatWasThereBeforeIsShownWithItsWatches) {
  shared->begin();
  const Json row = end_top(early().with_two_watches);
  EXPECT_EQ(row["kind"], backend_.name());
  EXPECT_EQ(row["watches"], 2);
  EXPECT_EQ(row["command"], Json(row["holders"][0]["command"]));
  EXPECT_EQ(row["closed"], false);
}

TEST_P(TopInstanceTest, WatchesThatComeAndGoAreCounted) {
  const unique_fd& ep = early().with_one_watch;
  std::vector<unique_fd> targets;
  for (int i = 0; i < 5; ++i) targets.push_back(make_eventfd());
  shared->begin();
  for (const unique_fd& target : targets)
    ASSERT_THAT(backend_.add(ep.get(), target.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.add(ep.get(), targets[0].get(), EPOLLIN), SyscallFailsWithErrno(EEXIST));
  ASSERT_THAT(backend_.mod(ep.get(), targets[0].get(), EPOLLOUT), SyscallSucceeds());
  ASSERT_THAT(backend_.del(ep.get(), targets[1].get()), SyscallSucceeds());
  targets.pop_back();
  EXPECT_EQ(end_top(ep)["watches"], 1 + 5 - 1 - 1);
}

TEST_P(TopInstanceTest, OneThatIsMadeLaterIsShown) {
  shared->begin();
  const unique_fd ep = backend_.instance();
  post(watched_);
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), testing::SizeIs(1));
  const Json row = end_top(ep);
  EXPECT_EQ(row["kind"], backend_.name());
  EXPECT_EQ(row["watches"], 1);
  EXPECT_EQ(row["events"], 1);
}

TEST_P(TopInstanceTest, OneThatIsClosedIsShownOnceMoreWithWhatItDid) {
  shared->begin();
  unique_fd ep = backend_.instance();
  post(watched_);
  ASSERT_THAT(backend_.add(ep.get(), watched_.get(), EPOLLIN), SyscallSucceeds());
  ASSERT_THAT(backend_.ready(ep.get()), testing::SizeIs(1));
  ep.reset();
  // Not found by descriptor number: xpoll-top knows the number at creation, which the library may
  // have changed.
  const Json row = end_top_with_closed();
  ASSERT_FALSE(row.is_null());
  EXPECT_EQ(row["events"], 1);
  EXPECT_TRUE(row["watches"].is_null());
}

TEST_P(TopInstanceTest, EachDescriptorOfItIsAHolder) {
  const unique_fd ep = backend_.instance();
  const unique_fd twin = checked_fd(fcntl(ep.get(), F_DUPFD_CLOEXEC, 0), "F_DUPFD_CLOEXEC");
  shared->begin();
  const Json row = end_top(ep);
  ASSERT_EQ(row["holders"].size(), 2U);
  EXPECT_EQ(row["holders"][0]["fd"], ep.get());
  EXPECT_EQ(row["holders"][1]["fd"], twin.get());
}

// The end of a native wait that began before the probes were attached is not seen.
TEST_P(TopInstanceTest, AWaitThatWasUnderWayIsCountedOnXpollAndReportedOnNative) {
  shared->begin();
  post(early().awaited);
  ASSERT_THAT(early().waiter->join(), SyscallSucceedsWithValue(1));
  const Json row = end_top(early().with_a_waiter);
  EXPECT_EQ(row["wakes"], 1);
  EXPECT_EQ(row["waits_under_way"], backend_.is_xpoll() ? 0 : 1);
  EXPECT_EQ(row["events"], backend_.is_xpoll() ? 1 : 0);
}

// One run per selection, with an instance of each kind.
class TopSelectionTest : public testing::Test {
 protected:
  void SetUp() override { require_xpoll(); }

  // The kinds of the instances shown.
  std::vector<std::string> shown(std::vector<std::string> arguments) const {
    for (const char* word : {"--json", "--count", "1", "--interval", "0.01"})
      arguments.emplace_back(word);
    const Json interval = TopRun(arguments).join().interval();
    std::vector<std::string> kinds;
    for (const unique_fd& ep : instances_)
      if (const Json row = row_of(interval, ep.get()); !row.is_null()) kinds.push_back(row["kind"]);
    return kinds;
  }

 private:
  const std::array<unique_fd, 2> instances_{Backend::native().instance(),
                                            Backend::xpoll().instance()};
};

TEST_F(TopSelectionTest, ThoseOfOtherProcessesCanBeLeftOut) {
  EXPECT_THAT(shown({"--pid", "1"}), testing::IsEmpty());
}

// TheOtherKindCanBeLeftOut tests that matching names are shown.
TEST_F(TopSelectionTest, CommandsOfOtherNamesCanBeLeftOut) {
  EXPECT_THAT(shown({"--command", "no such command"}), testing::IsEmpty());
}

TEST_F(TopSelectionTest, TheOtherKindCanBeLeftOut) {
  EXPECT_THAT(shown({"--native", "--command", "xpoll-p"}), testing::ElementsAre("native"));
  EXPECT_THAT(shown({"--xpoll", "--command", "xpoll-p"}), testing::ElementsAre("xpoll"));
}

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// The kernel's tracers on the function that the module hooks: the module misses no close.
#include "load/tracer.h"

#include <atomic>
#include <ostream>
#include <string>
#include <vector>

#include "load/hooks.h"
#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "load/traffic.h"
#include "util/matchers.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;

constexpr int kCloses = 200;
constexpr int kToggledCloses = 1000;
constexpr int kToggles = 5;

struct Combination {
  std::string name;
  std::vector<std::string> tracers;

  friend std::ostream& operator<<(std::ostream& out, const Combination& combination) {
    return out << combination.name;
  }
};

std::unique_ptr<Tracer> tracer_of(const std::string& name) {
  if (name == "kprobe") return probe('p');
  if (name == "kretprobe") return probe('r');
  return function_tracer(name);
}

Tracers tracers_of(const Combination& combination) {
  std::vector<std::unique_ptr<Tracer>> tracers;
  for (const std::string& name : combination.tracers) tracers.push_back(tracer_of(name));
  return Tracers(std::move(tracers));
}

class TracerTest : public LoadTest, public testing::WithParamInterface<Combination> {
 protected:
  void SetUp() override {
    LoadTest::SetUp();
    if (HasFatalFailure()) return;
    if (!tracers_.available()) GTEST_SKIP() << "this kernel lacks " << GetParam();
    clear_trace();
  }

  Tracers tracers_ = tracers_of(GetParam());
};

TEST_P(TracerTest, BeforeLoadHidesNoClose) {
  tracers_.start();
  xpoll_.must_load();
  Traffic traffic;
  traffic.close_watched(kCloses);
  EXPECT_THAT(beginning_of_trace(), HasSubstr(kFirstHook));
  tracers_.stop();
  traffic.close_watched(kCloses);
}

TEST_P(TracerTest, AfterLoadHidesNoClose) {
  xpoll_.must_load();
  {
    Traffic traffic;
    traffic.close_watched(kCloses);
    tracers_.start();
    traffic.close_watched(kCloses);
    EXPECT_THAT(beginning_of_trace(), HasSubstr(kFirstHook));
  }
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

TEST_P(TracerTest, ToggledDuringAThousandClosesHidesNone) {
  xpoll_.must_load();
  std::atomic<bool> stop{false};
  std::atomic<int> toggles{0};
  std::atomic<bool> ended{false};
  Thread toggler([&] {
    const SetAtExit end(ended);
    while (!stop) {
      tracers_.start();
      tracers_.stop();
      ++toggles;
    }
  });
  {
    const SetAtExit stop_at_exit(stop);
    Traffic traffic;
    traffic.close_watched(kToggledCloses);
    while (toggles < kToggles && !ended) traffic.close_watched(10);
  }
  toggler.join();
}

TEST_P(TracerTest, OnTheSecondHookHidesNoClose) {
  const LoadedModule taken(blocker_, std::string("functions=") + kFirstHook);
  xpoll_.must_load();
  ASSERT_THAT(hooked_functions(), testing::ElementsAre(kSecondHook));
  Traffic traffic;
  tracers_.start();
  traffic.close_watched(kCloses);
  tracers_.stop();
  traffic.close_watched(kCloses);
}

// A kprobe that may redirect the function, like livepatch.
class RedirectingProbeTest : public LoadTest {
 protected:
  static int hits() { return std::stoi(read_text("/sys/module/blocker/parameters/hits")); }

  const std::string probe_ = std::string("probe=") + kFirstHook;
};

TEST_F(RedirectingProbeTest, BeforeLoadHidesNoClose) {
  const LoadedModule prober(blocker_, probe_);
  xpoll_.must_load();
  ASSERT_THAT(hooked_functions(), testing::ElementsAre(kFirstHook));
  Traffic().close_watched(kCloses);
  EXPECT_GE(hits(), kCloses);
}

TEST_F(RedirectingProbeTest, AfterLoadHidesNoClose) {
  xpoll_.must_load();
  Traffic traffic;
  traffic.close_watched(1);
  {
    const LoadedModule prober(blocker_, probe_);
    traffic.close_watched(kCloses);
    EXPECT_GE(hits(), kCloses);
  }
  traffic.close_watched(kCloses);
}

INSTANTIATE_TEST_SUITE_P(
    , TracerTest,
    testing::Values(Combination{"function", {"function"}},
                    Combination{"function_graph", {"function_graph"}},
                    Combination{"kprobe", {"kprobe"}}, Combination{"kretprobe", {"kretprobe"}},
                    Combination{"function_and_probes", {"function", "kprobe", "kretprobe"}},
                    Combination{"function_graph_and_probes",
                                {"function_graph", "kprobe", "kretprobe"}}),
    [](const testing::TestParamInfo<Combination>& info) { return info.param.name; });

}  // namespace
}  // namespace xpoll::test

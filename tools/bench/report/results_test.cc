// SPDX-License-Identifier: GPL-2.0-only
#include "results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "sample_results.h"

namespace bench_report {
namespace {

using testing::ElementsAre;
using testing::IsNull;
using testing::SizeIs;

TEST(Results, TakeNamesApart) {
  const Results results = results_of({{"ctl_add_tcp/xpoll/1000", 2}, {"wait/epoll/1/10", 3}});
  EXPECT_THAT(results.all, ElementsAre(Result{"ctl_add_tcp", "xpoll", "1000", 2, "instructions"},
                                       Result{"wait", "epoll", "1/10", 3, "instructions"}));
}

TEST(Results, MayLackParameters) {
  EXPECT_EQ(results_of({{"create_close/xpoll", 1}}).all.front().parameters, "");
}

TEST(Results, NameTheKernelExactly) {
  EXPECT_EQ(read_results(empty_run()).kernel, "6.1.0-56-amd64 (#1 SMP)");
}

TEST(Results, MayBeSeveralOfOneBenchmark) {
  nlohmann::json run = empty_run();
  run["benchmarks"].push_back({{"name", "threads/xpoll/2"}, {"instructions", 5}, {"lost", 0}});
  const Results results = read_results(run);
  ASSERT_THAT(results.all, SizeIs(2));
  EXPECT_TRUE(results.all[0].is_cost());
  EXPECT_FALSE(results.all[1].is_cost());
  EXPECT_EQ(results.all[1].unit, "events lost");
}

TEST(Results, OfTimeHavePercentilesBesideTheMedian) {
  nlohmann::json run = empty_run();
  run["benchmarks"].push_back({{"name", "wait/xpoll/1"}, {"ns", 500}, {"ns_p99", 900}});
  const Results results = read_results(run);
  ASSERT_THAT(results.all, SizeIs(2));
  EXPECT_TRUE(results.all[0].is_cost());
  EXPECT_EQ(results.all[1].unit, "ns, 99th percentile");
  EXPECT_FALSE(results.all[1].is_cost());
}

TEST(Results, ThatFailedAreRefused) {
  nlohmann::json run = empty_run();
  run["benchmarks"].push_back({{"name", "threads/xpoll/2"},
                               {"error_occurred", true},
                               {"error_message", "out of memory"},
                               {"instructions", 5}});
  EXPECT_THROW(read_results(run), std::runtime_error);
}

TEST(Results, WithoutFigureOrBackendAreRefused) {
  nlohmann::json run = empty_run();
  run["benchmarks"].push_back({{"name", "threads/xpoll/2"}, {"real_time", 5}});
  EXPECT_THROW(read_results(run), std::runtime_error);
  EXPECT_THROW(results_of({{"threads", 1}}), std::runtime_error);
}

TEST(Sibling, IsTheSameFigureOfAnotherBackend) {
  const Results results = results_of(
      {{"wait/epoll/1", 1}, {"wait/epoll/2", 2}, {"wait/xpoll/2", 3}, {"add/xpoll/1", 4}});
  const Result& xpoll = results.all[2];
  ASSERT_NE(results.sibling(xpoll, "epoll"), nullptr);
  EXPECT_EQ(results.sibling(xpoll, "epoll")->figure, 2);
  EXPECT_THAT(results.sibling(xpoll, "poll"), IsNull());
  EXPECT_THAT(results.sibling(results.all[3], "epoll"), IsNull());
}

TEST(Merge, KeepsAllBenchmarks) {
  nlohmann::json first = empty_run();
  first["benchmarks"].push_back(benchmark("close/loaded", 1));
  nlohmann::json second = empty_run();
  second["benchmarks"].push_back(benchmark("close/unloaded", 2));
  EXPECT_THAT(read_results(merge({first})).all, SizeIs(1));
  const Results merged = read_results(merge({first, second}));
  ASSERT_THAT(merged.all, SizeIs(2));
  EXPECT_EQ(merged.all[0].backend, "loaded");
  EXPECT_EQ(merged.all[1].backend, "unloaded");
}

TEST(Merge, RefusesDifferentKernels) {
  nlohmann::json other = empty_run();
  other["context"]["kernel_release"] = "6.12";
  EXPECT_THROW(merge({empty_run(), other}), std::runtime_error);
}

}  // namespace
}  // namespace bench_report

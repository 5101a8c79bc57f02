// SPDX-License-Identifier: GPL-2.0-only
#include "profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <stdexcept>

#include "profile_table.h"
#include "report/sample_results.h"

namespace bench_profile {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsNull;
using testing::Pair;
using testing::SizeIs;

constexpr std::uint64_t kWait = 0xffffffff81000000;
constexpr std::uint64_t kIoctl = 0xffffffff81000100;
constexpr std::uint64_t kScan = 0xffffffffc0000000;
constexpr std::uint64_t kProgram = 0x1000;

Symbols symbols() {
  std::istringstream kallsyms(
      "ffffffffc0000000 t xp_scan_deliver\t[xpoll]\n"
      "ffffffff81000000 T do_epoll_wait\n"
      "ffffffff81000080 D some_data\n"
      "ffffffff81000100 T __x64_sys_ioctl\n"
      "ffffffff81000100 T __alias_of_it\n");
  return Symbols(kallsyms);
}

nlohmann::json measurement(const std::string& name, double operations) {
  return {{"name", name}, {"operations", operations}, {"instructions", 1}};
}

nlohmann::json run_of(std::initializer_list<nlohmann::json> benchmarks) {
  nlohmann::json run = bench_report::empty_run();
  for (const auto& benchmark : benchmarks) run["benchmarks"].push_back(benchmark);
  return run;
}

TEST(Symbols, FindTheFunctionThatAnAddressIsIn) {
  const Symbols all = symbols();
  EXPECT_EQ(all.find(kWait + 0x90)->name, "do_epoll_wait");
  EXPECT_EQ(all.find(kScan + 1)->module, "xpoll");
  EXPECT_EQ(all.find(kIoctl + 1)->name, "__x64_sys_ioctl");
  EXPECT_THAT(all.find(kWait - 1), IsNull());
}

TEST(Symbols, OfAnUnprivilegedReaderAreRefused) {
  std::istringstream kallsyms("0000000000000000 T do_epoll_wait\n");
  EXPECT_THROW(Symbols{kallsyms}, std::runtime_error);
}

TEST(Group, IsFoundByFunctionAndModule) {
  EXPECT_EQ(group_of("ep_item_poll.isra.0", ""), Group::kEpoll);
  EXPECT_EQ(group_of("do_vfs_ioctl", ""), Group::kIoctl);
  EXPECT_EQ(group_of("tomoyo_path_number_perm", ""), Group::kSecurity);
  EXPECT_EQ(group_of("do_syscall_64", ""), Group::kEntry);
  EXPECT_EQ(group_of("mutex_lock", ""), Group::kOthers);
  EXPECT_EQ(group_of("mutex_lock", "xpoll"), Group::kXpoll);
}

Profile wait_profile() {
  const std::vector<Counts> sections{{{kProgram, 10}, {kWait, 20}, {kWait + 1, 20}},
                                     {{kProgram, 20}, {kIoctl, 30}, {kScan, 50}}};
  const auto run = run_of({measurement("wait/epoll/1/10", 10), measurement("wait/xpoll/1/10", 10)});
  return to_profiles(sections, symbols(), {run}).at(0);
}

TEST(Profile, HasTheInstructionsOfOneOperationByFunction) {
  const Profile profile = wait_profile();
  EXPECT_EQ(profile.parameters, "1/10");
  EXPECT_THAT(profile.backends, ElementsAre("epoll", "xpoll"));
  ASSERT_THAT(profile.functions, SizeIs(4));
  EXPECT_EQ(profile.functions[0].name, "(user space)");
  EXPECT_THAT(profile.functions[0].figures, ElementsAre(Pair("epoll", 1), Pair("xpoll", 2)));
  EXPECT_EQ(profile.functions[2].name, "do_epoll_wait");
  EXPECT_THAT(profile.functions[2].figures, ElementsAre(Pair("epoll", 4)));
  EXPECT_THAT(profile.total(), ElementsAre(Pair("epoll", 5), Pair("xpoll", 10)));
  EXPECT_THAT(profile.total(Group::kXpoll), ElementsAre(Pair("xpoll", 5)));
}

TEST(Profile, TakesSectionsFromSeveralRunsInOrder) {
  const std::vector<Counts> sections{{{kWait, 1}}, {{kWait, 3}}};
  const auto profiles = to_profiles(
      sections, symbols(),
      {run_of({measurement("close/unloaded", 1)}),
       run_of({bench_report::benchmark("memory/xpoll", 5), measurement("close/loaded", 1)})});
  ASSERT_THAT(profiles, SizeIs(1));
  EXPECT_THAT(profiles[0].total(), ElementsAre(Pair("loaded", 3), Pair("unloaded", 1)));
}

TEST(Profile, NeedsASectionForEachMeasurement) {
  EXPECT_THROW(to_profiles({}, symbols(), {run_of({measurement("close/loaded", 1)})}),
               std::runtime_error);
}

TEST(ProfileText, ShowsGroupsFunctionsAndTheDifference) {
  const std::string text = to_text(wait_profile(), "6.1");
  EXPECT_THAT(text, HasSubstr("| user space   |   1.0 |   2.0 | +1.0 |"));
  EXPECT_THAT(text, HasSubstr("| all          |   5.0 |  10.0 | +5.0 |"));
  EXPECT_THAT(text, HasSubstr("xp_scan_deliver [xpoll]"));
}

TEST(ProfileJson, HoldsTheSame) {
  const auto json = to_json(wait_profile(), "6.1");
  EXPECT_EQ(json.at("groups").at("xpoll itself").at("xpoll"), 5);
  EXPECT_EQ(json.at("functions").at(3).at("module"), "xpoll");
}

TEST(ProfilePlot, HasABarForEachBackend) {
  const std::string plot = to_plot(wait_profile(), "6.1");
  EXPECT_THAT(plot, HasSubstr("\"xpoll\" 2.0 3.0 0.0 5.0"));
  EXPECT_THAT(plot, HasSubstr("set output 'profile-wait-1-10.svg'"));
}

}  // namespace
}  // namespace bench_profile

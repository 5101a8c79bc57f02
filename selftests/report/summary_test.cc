// SPDX-License-Identifier: GPL-2.0-only
#include "report/summary.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/step.h"
#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::report {
namespace {

constexpr const char* kOnePassed = R"json({"testsuites": [{"name": "S", "testsuite": [
  {"name": "T", "result": "COMPLETED", "time": "0s"}]}]})json";
constexpr const char* kOneFailed = R"json({"testsuites": [{"name": "S", "testsuite": [
  {"name": "T", "result": "COMPLETED", "time": "0s", "failures": [{"failure": "no"}]}]}]})json";

class Summary : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& content) {
    const auto path = scratch_.path() / name;
    std::filesystem::create_directories(path.parent_path());
    write_file(path, content);
  }
  Counts sum() {
    Counts counts;
    for (const Row& row : summarise(scratch_.path(), {})) counts += row.counts;
    return counts;
  }
  Counts only_row(const std::vector<std::string>& kernels = {}) {
    const std::vector<Row> rows = summarise(scratch_.path(), kernels);
    EXPECT_EQ(rows.size(), 1U);
    return rows.at(0).counts;
  }

  TemporaryDirectory scratch_;
};

TEST_F(Summary, EachStaticCheckCountsOnce) {
  run_step("good", scratch_.path() / "static", {"true"});
  run_step("bad", scratch_.path() / "static", {"false"});
  EXPECT_EQ(sum(), (Counts{.passed = 1, .failed = 1, .skipped = 0}));
}

TEST_F(Summary, AKernelWithoutAVerdictHasFailed) {
  EXPECT_EQ(only_row({"6.1-amd64"}), (Counts{.passed = 0, .failed = 1, .skipped = 0}));
}

TEST_F(Summary, AKernelThatWentWrongAfterItsTestsHasFailed) {
  write("kernels/k/vm.json", R"({"outcome": "leaked", "boot_seconds": 3.5})");
  write("kernels/k/tests.json", kOnePassed);
  EXPECT_EQ(only_row({"k"}), (Counts{.passed = 1, .failed = 1, .skipped = 0}));
}

TEST_F(Summary, AFailedTestIsNotCountedTwice) {
  write("kernels/k/vm.json", R"({"outcome": "command-failed"})");
  write("kernels/k/tests.json", kOneFailed);
  EXPECT_EQ(only_row({"k"}), (Counts{.passed = 0, .failed = 1, .skipped = 0}));
}

TEST_F(Summary, ARunWithoutTestsHasFailed) {
  write("kernels/k/vm.json", R"({"outcome": "passed"})");
  EXPECT_EQ(only_row({"k"}), (Counts{.passed = 0, .failed = 1, .skipped = 0}));
}

TEST_F(Summary, ARunThatSkippedAllHasFailed) {
  write("kernels/k/vm.json", R"({"outcome": "passed"})");
  write("kernels/k/tests.json", R"json({"testsuites": [{"name": "S", "testsuite": [
      {"name": "T", "result": "SKIPPED", "time": "0s"}]}]})json");
  EXPECT_EQ(only_row({"k"}), (Counts{.passed = 0, .failed = 1, .skipped = 1}));
}

TEST_F(Summary, AnUnfinishedResultFileIsAFailure) {
  write("kernels/k/vm.json", R"({"outcome": "crashed"})");
  write("kernels/k/tests.json", R"({"testsuites": [{"na)");
  EXPECT_EQ(only_row({"k"}), (Counts{.passed = 0, .failed = 1, .skipped = 0}));
}

TEST_F(Summary, LeavesJUnitBesideTheTests) {
  write("kernels/k/vm.json", R"({"outcome": "passed"})");
  write("kernels/k/tests.json", kOnePassed);
  EXPECT_EQ(only_row({"k"}), (Counts{.passed = 1, .failed = 0, .skipped = 0}));
  EXPECT_THAT(read_file(scratch_.path() / "kernels/k/tests.xml"),
              testing::HasSubstr("<testcase classname=\"S\" name=\"T\""));
}

TEST_F(Summary, ALineOfAGuestTellsCountsAndTime) {
  write("kernels/k/vm.json", R"({"outcome": "passed", "seconds": 12.25})");
  write("kernels/k/tests.json", kOnePassed);
  EXPECT_EQ(to_line(guest_row(scratch_.path(), "k")),
            "ok - k (1 passed, 0 failed, 0 skipped, 12.2 s)\n");
}

TEST_F(Summary, IsReadBackAsTheSameCounts) {
  const Row row{.name = "k",
                .outcome = "passed",
                .counts = {.passed = 3, .failed = 1, .skipped = 2},
                .boot_seconds = {},
                .seconds = {}};
  write("summary.json", to_json({row, row}).dump());
  EXPECT_EQ(read_counts(scratch_.path() / "summary.json"),
            (Counts{.passed = 6, .failed = 2, .skipped = 4}));
}

TEST_F(Summary, ThatIsMissingHasFailed) {
  EXPECT_EQ(read_counts(scratch_.path() / "summary.json").failed, 1);
}

}  // namespace
}  // namespace xpoll::report

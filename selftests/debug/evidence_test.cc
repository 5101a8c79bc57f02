// SPDX-License-Identifier: GPL-2.0-only
#include "debug/evidence.h"

#include <gtest/gtest.h>

#include "debug/table.h"
#include "tools/util/file.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::debug {
namespace {

class Run : public testing::Test {
 protected:
  Run() : directory_{scratch_.path() / "6.1-debug" / "stress"} {
    std::filesystem::create_directories(directory_);
  }
  void write(const char* name, const std::string& text) const {
    write_file(directory_ / name, text);
  }
  void write_verdict(const std::string& outcome) const {
    write("vm.json", R"({"outcome": ")" + outcome +
                         R"(", "release": "6.1.1", "seconds": 7.5, "leaks_searched": true})");
  }
  [[nodiscard]] Evidence read() const { return read_evidence(directory_); }

 private:
  TemporaryDirectory scratch_;
  std::filesystem::path directory_;
};

TEST_F(Run, IsNamedByItsDirectory) {
  write_verdict("passed");
  EXPECT_EQ(read().kernel, "6.1-debug");
  EXPECT_EQ(read().suite, "stress");
  EXPECT_EQ(read().release, "6.1.1");
  EXPECT_EQ(read().seconds, 7.5);
}

TEST_F(Run, ThatReportedNothingDidNotPass) {
  write_verdict("passed");
  EXPECT_FALSE(read().passed());
  write("fuzz.json", R"({"steps": 0})");
  EXPECT_FALSE(read().passed());
}

TEST_F(Run, OfAFuzzerThatFoundSomethingDidNotPass) {
  write_verdict("passed");
  write("fuzz.json", R"({"steps": 9, "divergences": 0, "violations": [], "faults": []})");
  EXPECT_TRUE(read().passed());
  for (const char* found : {R"("divergences": 1)", R"("violations": ["v"])", R"("faults": ["f"])",
                            R"("never_succeeded": ["n"])"}) {
    write("fuzz.json", std::string(R"({"steps": 9, )") + found + "}");
    EXPECT_FALSE(read().passed()) << found;
  }
}

TEST(Runs, HaveTheStatusOfTheWorst) {
  Evidence passed;
  passed.outcome = "passed";
  passed.steps = 1;
  EXPECT_EQ(exit_status({passed}), 0);
  EXPECT_EQ(exit_status({passed, Evidence{}, passed}), 1);
  EXPECT_EQ(exit_status({}), 1);
}

TEST_F(Run, ThatLeftNothingDidNotPass) {
  EXPECT_EQ(read().outcome, "no-verdict");
  EXPECT_FALSE(read().passed());
}

TEST_F(Run, SumsWhatItsTestsRecorded) {
  write_verdict("passed");
  write("tests.json", R"({"testsuites": [{"name": "S", "testsuite": [
      {"name": "A", "status": "RUN", "result": "COMPLETED", "time": "1s", "produced": "10", "delivered": "9"},
      {"name": "B", "status": "RUN", "result": "COMPLETED", "time": "1s", "produced": "5", "delivered": "5"}]}]})");
  EXPECT_EQ(read().tests.passed, 2);
  EXPECT_EQ(read().produced, 15);
  EXPECT_EQ(read().lost, 1);
  EXPECT_FALSE(read().passed());
}

TEST_F(Run, WhoseTestsPassedPassed) {
  write_verdict("passed");
  write("tests.json", R"({"testsuites": [{"name": "S", "testsuite": [
      {"name": "A", "status": "RUN", "result": "COMPLETED", "time": "1s"}]}]})");
  EXPECT_TRUE(read().passed());
  write("kernel.log", "[2] BUG: KASAN: use-after-free in xp_ctl\n");
  EXPECT_FALSE(read().passed());
}

TEST_F(Run, ThatSkippedAllDidNotPass) {
  write_verdict("passed");
  write("tests.json", R"({"testsuites": [{"name": "S", "testsuite": [
      {"name": "A", "status": "RUN", "result": "SKIPPED", "time": "1s"}]}]})");
  EXPECT_EQ(read().tests.skipped, 1);
  EXPECT_FALSE(read().passed());
}

TEST_F(Run, CutShortByACrashCountsTheCrash) {
  write_verdict("crashed");
  write("tests.json", R"({"testsuites": [{"na)");
  EXPECT_EQ(read().splats, 1);
  EXPECT_FALSE(read().passed());
}

TEST_F(Run, OfAFuzzerHasSteps) {
  write_verdict("passed");
  write("fuzz.json", R"({"steps": 20000})");
  EXPECT_EQ(read().steps, 20000);
  EXPECT_TRUE(read().passed());
}

TEST_F(Run, WithoutASearchForLeaksDidNotPassOnAKernelThatCanSearch) {
  write("fuzz.json", R"({"steps": 20000})");
  write("vm.json", R"({"outcome": "passed", "release": "6.1.1", "seconds": 7.5})");
  EXPECT_FALSE(read().leaks_searched);
  EXPECT_FALSE(read().passed());
  write_verdict("passed");
  EXPECT_TRUE(read().leaks_searched);
  Evidence kcsan = read();
  kcsan.kernel = "6.1-kcsan";
  kcsan.leaks_searched = false;
  EXPECT_TRUE(kcsan.passed());
}

TEST(Complaints, AreCountedByTheLinesThatTellOfThem) {
  const Complaints complaints = count_complaints(
      "[1] xpoll: loaded\n"
      "[2] BUG: KASAN: use-after-free in xp_ctl\n"
      "[2] Call Trace:\n"
      "[3] BUG: sleeping function called from invalid context\n"
      "[9] unreferenced object 0xffff888003a40000 (size 64):\n");
  EXPECT_EQ(complaints.splats, 2);
  EXPECT_EQ(complaints.leaks, 1);
}

TEST(Profile, IsWhatFollowsTheSeries) {
  EXPECT_EQ(profile_of("6.12-debug-rt"), "debug-rt");
  EXPECT_EQ(profile_of("6.1-kcsan"), "kcsan");
}

TEST(Table, SaysNotKnownInsteadOfZero) {
  Evidence run;
  run.outcome = "passed";
  run.steps = 20000;
  EXPECT_NE(to_table({run}).find("20000 steps      -       -      0       -      -  passed"),
            std::string::npos)
      << to_table({run});
}

TEST(Table, HasARowForEachRun) {
  Evidence run;
  run.kernel = "6.1-kcsan";
  run.release = "6.1.1";
  run.suite = "load";
  run.outcome = "passed";
  run.tests.passed = 1;
  run.leaks = 3;
  const auto json = to_json({run});
  EXPECT_EQ(json.at("runs").at(0).at("profile"), "kcsan");
  EXPECT_EQ(json.at("runs").at(0).at("leaks"), 3);
  EXPECT_FALSE(json.at("passed").get<bool>());
  EXPECT_NE(to_table({run}).find("kcsan     6.1.1    load"), std::string::npos);
}

}  // namespace
}  // namespace xpoll::debug

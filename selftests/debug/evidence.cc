// SPDX-License-Identifier: GPL-2.0-only
#include "debug/evidence.h"

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "report/gtest_results.h"
#include "tools/util/file.h"
#include "tools/vm/kernel_log.h"

namespace xpoll::debug {

namespace fs = std::filesystem;

namespace {

/** Null if the file is missing or truncated by a crash; the verdict shows that. */
nlohmann::json read_json(const fs::path& path) {
  if (!fs::exists(path)) return {};
  auto json = nlohmann::json::parse(read_file(path), nullptr, false);
  return json.is_discarded() ? nlohmann::json{} : json;
}

/** GoogleTest writes recorded properties as strings. */
long property(const nlohmann::json& test, const char* name) {
  return std::stol(test.value(name, std::string{"0"}));
}

void take_events(const nlohmann::json& tests, Evidence& evidence) {
  for (const auto& suite : tests.value("testsuites", nlohmann::json::array())) {
    for (const auto& test : suite.value("testsuite", nlohmann::json::array())) {
      evidence.produced += property(test, "produced");
      // A duplicate is as wrong as a loss.
      evidence.lost += std::abs(property(test, "produced") - property(test, "delivered"));
    }
  }
}

void take_tests(const nlohmann::json& tests, Evidence& evidence) {
  if (tests.is_null()) return;
  evidence.has_tests = true;
  evidence.tests = report::count(report::read_gtest(tests));
  take_events(tests, evidence);
}

// The exit status of the program says the same, but only as the outcome of the run.
void take_steps(const nlohmann::json& fuzz, Evidence& evidence) {
  if (fuzz.is_null()) return;
  evidence.steps = fuzz.at("steps").get<long>();
  evidence.found = fuzz.value("divergences", 0L);
  for (const char* list : {"faults", "violations", "never_succeeded"})
    if (fuzz.contains(list)) evidence.found += static_cast<long>(fuzz.at(list).size());
}

void take_log(const fs::path& path, Evidence& evidence) {
  if (!fs::exists(path)) return;
  const std::string log = read_file(path);
  const Complaints complaints = count_complaints(log);
  evidence.splats = complaints.splats;
  evidence.leaks = complaints.leaks;
}

/** The verdict also covers the console, which may show a crash that the log lacks. */
void take_verdict(const nlohmann::json& verdict, Evidence& evidence) {
  if (verdict.is_null()) return;
  evidence.outcome = verdict.at("outcome").get<std::string>();
  evidence.release = verdict.at("release").get<std::string>();
  evidence.seconds = verdict.at("seconds").get<double>();
  evidence.leaks_searched = verdict.value("leaks_searched", false);
  if (evidence.outcome == "crashed" || evidence.outcome == "log-dirty") {
    evidence.splats = std::max(evidence.splats, 1);
  }
  if (evidence.outcome == "leaked") evidence.leaks = std::max(evidence.leaks, 1);
}

}  // namespace

Complaints count_complaints(std::string_view kernel_log) {
  Complaints complaints;
  while (!kernel_log.empty()) {
    const std::string_view line = kernel_log.substr(0, kernel_log.find('\n'));
    kernel_log.remove_prefix(std::min(line.size() + 1, kernel_log.size()));
    // A stack trace belongs to the message above it.
    if (line.find("Call Trace:") != std::string_view::npos) continue;
    const auto finding = vm::judge_kernel_log(line);
    if (!finding) continue;
    ++(finding->severity == vm::Severity::kLeak ? complaints.leaks : complaints.splats);
  }
  return complaints;
}

Evidence read_evidence(const fs::path& directory) {
  Evidence evidence;
  evidence.suite = directory.filename();
  evidence.kernel = directory.parent_path().filename();
  evidence.outcome = "no-verdict";
  take_tests(read_json(directory / "tests.json"), evidence);
  take_steps(read_json(directory / "fuzz.json"), evidence);
  take_log(directory / "kernel.log", evidence);
  take_verdict(read_json(directory / "vm.json"), evidence);
  return evidence;
}

int exit_status(const std::vector<Evidence>& runs) {
  return !runs.empty() && std::ranges::all_of(runs, &Evidence::passed) ? 0 : 1;
}

std::string_view profile_of(std::string_view kernel) {
  return kernel.substr(std::min(kernel.find('-') + 1, kernel.size()));
}

}  // namespace xpoll::debug

// SPDX-License-Identifier: GPL-2.0-only
#include "report/gtest_results.h"

#include <fmt/format.h>

#include <string_view>

namespace xpoll::report {

namespace {

/** "0.5s" */
double parse_seconds(const nlohmann::json& test) {
  return std::stod(test.value("time", std::string{"0s"}));
}

std::string failure_text(const nlohmann::json& test) {
  std::string text;
  for (const auto& failure : test.value("failures", nlohmann::json::array())) {
    text += failure.at("failure").get<std::string>() + "\n";
  }
  return text;
}

std::string parameters(const nlohmann::json& test) {
  if (!test.contains("value_param")) return "";
  return fmt::format(" ({})", test.at("value_param").get<std::string>());
}

std::string escape_xml(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      case '\n':
      case '\t':
        escaped += c;
        break;
      default:
        // XML 1.0 can't represent the other control characters.
        escaped += static_cast<unsigned char>(c) < ' ' ? '?' : c;
    }
  }
  return escaped;
}

std::string junit_case(const TestResult& test) {
  std::string body;
  if (test.skipped) body = "<skipped/>";
  if (!test.failure.empty()) {
    body = fmt::format("<failure message=\"failed\">{}</failure>", escape_xml(test.failure));
  }
  return fmt::format("  <testcase classname=\"{}\" name=\"{}\" time=\"{}\">{}</testcase>\n",
                     escape_xml(test.suite), escape_xml(test.name), test.seconds, body);
}

}  // namespace

std::vector<TestResult> read_gtest(const nlohmann::json& output) {
  std::vector<TestResult> results;
  for (const auto& suite : output.at("testsuites")) {
    for (const auto& test : suite.at("testsuite")) {
      const auto result = test.at("result").get<std::string>();
      if (result == "SUPPRESSED") continue;
      results.push_back({.suite = suite.at("name").get<std::string>(),
                         .name = test.at("name").get<std::string>() + parameters(test),
                         .seconds = parse_seconds(test),
                         .skipped = result == "SKIPPED",
                         .failure = failure_text(test)});
    }
  }
  return results;
}

Counts count(const std::vector<TestResult>& tests) {
  Counts counts;
  for (const TestResult& test : tests) {
    if (!test.failure.empty()) {
      ++counts.failed;
    } else if (test.skipped) {
      ++counts.skipped;
    } else {
      ++counts.passed;
    }
  }
  return counts;
}

std::string to_junit(const std::string& name, const std::vector<TestResult>& tests) {
  const Counts counts = count(tests);
  std::string xml = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
      escape_xml(name), tests.size(), counts.failed, counts.skipped);
  for (const TestResult& test : tests) xml += junit_case(test);
  return xml + "</testsuite>\n";
}

}  // namespace xpoll::report

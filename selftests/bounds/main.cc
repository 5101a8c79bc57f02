// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <regex>

#include "costs/instructions.h"
#include "measure.h"
#include "util/descriptor_limit.h"

namespace {

using xpoll::test::Curve;
using xpoll::test::Result;

constexpr const char* kExamples = R"(
Each call is made on xpoll and on native epoll, with more and more watches, instances, or what else it may
have to go through. "grows" is the power of their number with which the instructions grew over the last
step, "wait" the longest time in instructions for which an urgent thread did not get the processor. It is a
fault if either is worse than native's, or, without native, than the call may be. This needs a guest under
--icount, where CLOCK_MONOTONIC counts instructions.

Examples:
  xpoll-vm run --icount --mem 2G --module build/6.1-amd64/xpoll.ko -- build/host/xpoll-bounds
  make bounds KERNEL=6.12-amd64 BOUNDS='^(wait|poll)_'
)";

std::string row(const Curve& curve) {
  std::string text;
  for (const auto& point : curve.points)
    text += fmt::format("{:>11}", fmt::format("{}", point.instructions));
  // the table has four columns of sizes
  text.resize(std::max<std::size_t>(text.size(), 44), ' ');
  return text + fmt::format("{:>7.2f}{:>10}", curve.exponent(), curve.longest_wait);
}

std::string sizes(const Curve& curve) {
  std::string text;
  for (const auto& point : curve.points)
    text += fmt::format("{:>11}", fmt::format("n={}", point.size));
  return text;
}

void print(const Result& result) {
  std::cout << fmt::format("{:<22} {:<18}{}\n", result.measured.name, result.measured.of,
                           sizes(result.xpoll));
  std::cout << fmt::format("{:>41}{}  {}\n", "xpoll", row(result.xpoll), result.fault());
  if (result.native) std::cout << fmt::format("{:>41}{}\n", "native", row(*result.native));
  std::cout << std::flush;
}

nlohmann::ordered_json json_of(const Curve& curve) {
  nlohmann::ordered_json points = nlohmann::ordered_json::array();
  for (const auto& point : curve.points)
    points.push_back({{"size", point.size}, {"instructions", point.instructions}});
  return {{"points", points}, {"exponent", curve.exponent()}, {"longest_wait", curve.longest_wait}};
}

nlohmann::ordered_json json_of(const Result& result) {
  nlohmann::ordered_json json{{"case", result.measured.name},
                              {"of", result.measured.of},
                              {"fault", result.fault()},
                              {"xpoll", json_of(result.xpoll)}};
  if (result.native) json["native"] = json_of(*result.native);
  return json;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Measures how the work of calls grows, in instructions.");
  app.footer(kExamples);
  std::string path;
  std::string pattern;
  app.add_option("--json", path, "write the results to this file, too")->type_name("FILE");
  app.add_option("--cases", pattern, "only cases whose names this regular expression is found in")
      ->type_name("REGEX");
  CLI11_PARSE(app, argc, argv);

  if (!xpoll::test::clock_counts_instructions()) {
    std::cerr << "xpoll-bounds: CLOCK_MONOTONIC does not count instructions here: run this in a "
                 "guest, with xpoll-vm run --icount\n";
    return EXIT_FAILURE;
  }
  const xpoll::test::DescriptorLimit room(100'000);
  const std::regex wanted(pattern);
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  int faults = 0;
  std::cout << fmt::format("{:>85}{:>7}{:>10}\n", "instructions", "grows", "wait");
  for (const xpoll::test::Case& measured : xpoll::test::cases()) {
    if (!std::regex_search(measured.name, wanted)) continue;
    const Result result = measure(measured);
    print(result);
    all.push_back(json_of(result));
    if (!result.fault().empty()) ++faults;
  }
  if (!path.empty()) std::ofstream(path) << all.dump(2) << '\n';
  std::cout << fmt::format("{} of {} cases are faults\n", faults, all.size());
  if (all.empty()) std::cerr << "xpoll-bounds: no case has such a name\n";
  return faults == 0 && !all.empty() ? EXIT_SUCCESS : EXIT_FAILURE;
}

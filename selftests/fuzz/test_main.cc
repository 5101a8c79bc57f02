// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <csignal>

#include "check_options.h"
#include "util/each_backend.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
Examples:
  xpoll-fuzztests                     in a guest: the fuzzer's parts, what it once found, 100,000 steps
  xpoll-fuzztests --seed 7 --steps 300000 --fuzz-json /out/fuzz.json
  xpoll-fuzztests --native-only       where no module is loaded: the parts alone
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("The differential fuzzer's own parts, and the differences that it once found.");
  app.footer(kExamples);
  bool native_only = false;
  app.add_flag("--native-only", native_only, "skip what needs /dev/xpoll instead of failing");
  xpoll::fuzz::CheckOptions& check = xpoll::fuzz::check_options();
  app.add_option("--seed", check.campaign.seed, "Of the long run")->capture_default_str();
  app.add_option("--steps", check.campaign.steps, "Of the long run")->capture_default_str();
  app.add_option("--fuzz-json", check.json_file, "Write the long run's outcomes to this file");
  CLI11_PARSE(app, argc, argv);

  // Writing to a socket or pipe that nobody reads is one of the steps.
  std::signal(SIGPIPE, SIG_IGN);
  xpoll::test::set_native_only(native_only);
  xpoll::test::print_ktap();
  return RUN_ALL_TESTS();
}

// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <csignal>

#include "check_options.h"
#include "tools/util/backend.h"
#include "util/each_backend.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
Examples:
  xpoll-fuzztests                     in a guest: unit tests, earlier findings, 100,000 steps
  xpoll-fuzztests --seed 7 --steps 300000 --fuzz-json /out/fuzz.json
  xpoll-fuzztests --epoll-calls       the same, with xpoll by epoll's own system calls
  xpoll-fuzztests --native-only       without the module: unit tests only
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("Tests the parts of the differential fuzzer, and repeats its earlier findings.");
  app.footer(kExamples);
  bool native_only = false;
  app.add_flag("--native-only", native_only, "skip what needs /dev/xpoll instead of failing");
  bool epoll_calls = false;
  app.add_flag("--epoll-calls", epoll_calls,
               "reach instances by epoll's own system calls instead of the library");
  xpoll::fuzz::CheckOptions& check = xpoll::fuzz::check_options();
  app.add_option("--seed", check.campaign.seed, "Seed of the long run")->capture_default_str();
  app.add_option("--steps", check.campaign.steps, "Steps of the long run")->capture_default_str();
  app.add_option("--fuzz-json", check.json_file, "Write the outcomes of the long run to this file");
  CLI11_PARSE(app, argc, argv);

  // Some steps write to a socket or pipe without a reader.
  std::signal(SIGPIPE, SIG_IGN);
  if (epoll_calls) xpoll::set_route(xpoll::Route::kEpollCalls);
  xpoll::test::set_native_only(native_only);
  xpoll::test::print_ktap();
  return RUN_ALL_TESTS();
}

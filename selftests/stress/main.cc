// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "stress/rmmod_attempts.h"
#include "util/close_hook.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
XPOLL_STRESS=N in the environment, a decimal number, makes each test N times as long.

Examples:
  xpoll-vm run --kernel 6.1-debug --smp 4 --module build/6.1-debug/xpoll.ko -- build/host/xpoll-stress
  xpoll-vm run --kernel 6.12-amd64 --smp 4 --parallel --module build/6.12-amd64/xpoll.ko -- \
      env XPOLL_STRESS=10 build/host/xpoll-stress --gtest_filter='-*/native'
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app(
      "Races of xpoll: compares produced with received events, during attempts to unload the "
      "module.");
  app.footer(kExamples);
  CLI11_PARSE(app, argc, argv);

  xpoll::test::print_ktap();
  // GoogleTest takes ownership.
  testing::AddGlobalTestEnvironment(std::make_unique<xpoll::test::CloseHook>().release());
  testing::AddGlobalTestEnvironment(std::make_unique<xpoll::test::RmmodAttempts>().release());
  return RUN_ALL_TESTS();
}

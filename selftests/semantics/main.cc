// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "util/close_hook.h"
#include "util/each_backend.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
Examples:
  xpoll-selftests                                      all tests, on xpoll and on native epoll
  xpoll-selftests --native-only                        only native epoll, without the module
  xpoll-selftests --gtest_filter='Ctl*/xpoll'          xpoll's half of the ctl tests
  xpoll-selftests --epoll-calls --gtest_filter='*/xpoll'
                                                       xpoll by epoll's own system calls
  xpoll-selftests --gtest_output=xml:/tmp/result.xml   JUnit beside the KTAP (json: likewise)
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("Tests the behaviour of xpoll, and of native epoll as the oracle.");
  app.footer(kExamples);
  bool native_only = false;
  app.add_flag("--native-only", native_only, "skip what needs /dev/xpoll instead of failing");
  bool epoll_calls = false;
  app.add_flag("--epoll-calls", epoll_calls,
               "reach instances by epoll's own system calls instead of the library");
  CLI11_PARSE(app, argc, argv);

  if (epoll_calls) xpoll::set_route(xpoll::Route::kEpollCalls);
  xpoll::test::set_native_only(native_only);
  xpoll::test::print_ktap();
  if (!native_only) {
    // GoogleTest takes ownership.
    testing::AddGlobalTestEnvironment(std::make_unique<xpoll::test::CloseHook>().release());
  }
  return RUN_ALL_TESTS();
}

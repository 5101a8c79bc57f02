// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <iostream>

#include "instructions.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
The tests run only in a guest under --icount, where CLOCK_MONOTONIC counts instructions.

Examples:
  xpoll-vm run --icount --module build/6.1-amd64/xpoll.ko -- build/host/xpoll-costs
  make check-costs KERNEL=6.12-amd64 COSTTESTS='NestCost*'
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app(
      "Compares the cost of calls on xpoll and on native epoll, in instructions, with limits.");
  app.footer(kExamples);
  CLI11_PARSE(app, argc, argv);

  if (!GTEST_FLAG_GET(list_tests) && !xpoll::test::clock_counts_instructions()) {
    std::cerr << "xpoll-costs: CLOCK_MONOTONIC does not count instructions here: run this in a "
                 "guest, with xpoll-vm run --icount\n";
    return EXIT_FAILURE;
  }
  xpoll::test::print_ktap();
  return RUN_ALL_TESTS();
}

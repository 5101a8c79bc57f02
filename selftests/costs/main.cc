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
CLOCK_MONOTONIC counts instructions in a guest under --icount, and only there the tests run.

Examples:
  xpoll-vm run --icount --module build/6.1-amd64/xpoll.ko -- build/host/xpoll-costs
  make check-costs KERNEL=6.12-amd64 COSTTESTS='NestCost*'
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("What calls cost at most, counted in instructions, on xpoll and on native epoll.");
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

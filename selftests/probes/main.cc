// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "load/module_files.h"
#include "probes/held_functions.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
For a guest in which xpoll is loaded. The tools and the echo server must be beside this program.

Examples:
  xpoll-vm run --kernel 6.1-amd64 --module build/6.1-amd64/xpoll.ko -- \
      build/host/xpoll-probetests --xpoll build/6.1-amd64/xpoll.ko
  xpoll-probetests --xpoll xpoll.ko --gtest_filter='Path*'
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("Runs the eBPF tools on known traffic and checks their figures.");
  app.footer(kExamples);
  xpoll::test::ModuleFiles files;
  app.add_option("--xpoll", files.xpoll, "xpoll.ko of the running kernel")
      ->required()
      ->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);

  xpoll::test::set_module_files(files);
  xpoll::test::print_ktap();
  const xpoll::test::HeldFunctions held;
  return RUN_ALL_TESTS();
}

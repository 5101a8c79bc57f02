// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "load/module_files.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
For a guest whose kernel injects faults (6.1-debug, 6.12-debug). Elsewhere all tests are skipped.

Examples:
  xpoll-vm run --kernel 6.1-debug --module build/6.1-debug/xpoll.ko -- build/host/xpoll-faults
  xpoll-vm run --kernel 6.1-debug -- build/host/xpoll-faults \
      --xpoll build/6.1-debug/xpoll.ko --gtest_filter='LoadFault*'
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("Makes each allocation and each copy of user memory fail in each call of xpoll.");
  app.footer(kExamples);
  xpoll::test::ModuleFiles files;
  app.add_option("--xpoll", files.xpoll, "xpoll.ko to load under faults; no other may be loaded")
      ->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);

  xpoll::test::set_module_files(files);
  xpoll::test::print_ktap();
  return RUN_ALL_TESTS();
}

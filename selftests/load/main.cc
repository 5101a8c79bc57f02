// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "load/module_files.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"(
For a guest that may crash, with no xpoll loaded.

Examples:
  xpoll-vm run --kernel 6.1-amd64 -- build/host/xpoll-loadtests \
      --xpoll build/6.1-amd64/xpoll.ko --blocker build/6.1-amd64/blocker/blocker.ko
  xpoll-loadtests --xpoll xpoll.ko --blocker blocker.ko --gtest_filter='*Tracer*'
)";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("Loads and unloads xpoll.ko, beside other users of the functions that it hooks.");
  app.footer(kExamples);
  xpoll::test::ModuleFiles files;
  app.add_option("--xpoll", files.xpoll, "xpoll.ko of the running kernel")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--blocker", files.blocker, "blocker.ko of the running kernel")
      ->required()
      ->check(CLI::ExistingFile);
  CLI11_PARSE(app, argc, argv);

  xpoll::test::set_module_files(files);
  xpoll::test::print_ktap();
  return RUN_ALL_TESTS();
}

// SPDX-License-Identifier: GPL-2.0-only
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <CLI/CLI.hpp>

#include "apps/settings.h"
#include "util/ktap.h"

namespace {

constexpr const char* kExamples = R"help(
For a guest with xpoll loaded; `make check-apps` does all this.

Examples:
  xpoll-vm run --kernel 6.1-amd64 --module build/6.1-amd64/xpoll.ko --parallel -- \
      build/host/xpoll-apptests --xpoll-run build/host/xpoll-run \
      --packages "$(xpoll-vm packages $(cat selftests/apps/packages.txt))" \
      --node-modules "$(xpoll-vm npm selftests/apps/node)" --servers build/apps/servers \
      --wakeup-tests build/apps/wakeup --gtest_filter='*StressNg*'
)help";

}  // namespace

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  CLI::App app("Runs unmodified programs on xpoll and on native epoll.");
  app.footer(kExamples);
  xpoll::test::AppSettings settings;
  settings.logs = "/tmp/logs";
  app.add_option("--packages", settings.packages, "where the programs' packages were unpacked")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--node-modules", settings.node_modules, "where npm put the versions of Node.js")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--servers", settings.servers, "small servers in several languages")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--xpoll-run", settings.xpoll_run, "the launcher")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--wakeup-tests", settings.wakeup_tests, "the kernel's epoll_wakeup_test")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--logs", settings.logs, "where the programs' output goes")->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  xpoll::test::set_app_settings(settings);
  xpoll::test::print_ktap();
  return RUN_ALL_TESTS();
}

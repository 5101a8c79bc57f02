// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::test {

// Paths of the programs under test and of their results, from the command line.
struct AppSettings {
  std::filesystem::path packages;      // directory from `xpoll-vm packages`
  std::filesystem::path node_modules;  // directory from `xpoll-vm npm`
  std::filesystem::path servers;       // small servers in several languages
  std::filesystem::path xpoll_run;     // the launcher
  std::filesystem::path wakeup_tests;  // the kernel's epoll_wakeup_test, in dynamic/ and static/
  std::filesystem::path logs;          // directory for the programs' output
};

void set_app_settings(const AppSettings& settings);
const AppSettings& app_settings();

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>

namespace xpoll::test {

// Where the programs under test and their results are; from the command line.
struct AppSettings {
  std::filesystem::path packages;      // what `xpoll-vm packages` unpacked
  std::filesystem::path node_modules;  // what `xpoll-vm npm` fetched
  std::filesystem::path servers;       // small servers in several languages
  std::filesystem::path xpoll_run;     // the launcher
  std::filesystem::path wakeup_test;   // the kernel's epoll_wakeup_test
  std::filesystem::path patience;      // a library that stretches its time limits
  std::filesystem::path logs;          // what the programs print goes there
};

void set_app_settings(const AppSettings& settings);
const AppSettings& app_settings();

}  // namespace xpoll::test

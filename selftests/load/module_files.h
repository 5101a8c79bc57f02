// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace xpoll::test {

// The modules under test, from the command line.
struct ModuleFiles {
  std::string xpoll;
  std::string blocker;
};

void set_module_files(const ModuleFiles& files);
const ModuleFiles& module_files();

}  // namespace xpoll::test

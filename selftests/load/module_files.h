// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_LOAD_MODULE_FILES_H
#define XPOLL_SELFTESTS_LOAD_MODULE_FILES_H

#include <string>

namespace xpoll_test {

// The modules under test, as the command line names them.
struct ModuleFiles {
  std::string xpoll;
  std::string blocker;
};

void setModuleFiles(const ModuleFiles& files);
const ModuleFiles& moduleFiles();

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_LOAD_MODULE_FILES_H

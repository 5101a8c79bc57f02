// SPDX-License-Identifier: GPL-2.0-only
#include "load/module_files.h"

namespace xpoll_test {
namespace {

ModuleFiles module_files;

}  // namespace

void setModuleFiles(const ModuleFiles& files) { module_files = files; }
const ModuleFiles& moduleFiles() { return module_files; }

}  // namespace xpoll_test

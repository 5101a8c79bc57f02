// SPDX-License-Identifier: GPL-2.0-only
#include "load/module_files.h"

namespace xpoll::test {
namespace {

ModuleFiles files_in_use;

}  // namespace

void set_module_files(const ModuleFiles& files) { files_in_use = files; }
const ModuleFiles& module_files() { return files_in_use; }

}  // namespace xpoll::test

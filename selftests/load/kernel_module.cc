// SPDX-License-Identifier: GPL-2.0-only
#include "load/kernel_module.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <filesystem>

#include "tools/util/checked.h"
#include "util/matchers.h"

namespace xpoll::test {

bool KernelModule::loaded() const { return std::filesystem::exists("/sys/module/" + name_); }

int KernelModule::load(const std::string& parameters) const {
  const unique_fd file = checked_fd(open(path_.c_str(), O_RDONLY | O_CLOEXEC), path_);
  return static_cast<int>(syscall(SYS_finit_module, file.get(), parameters.c_str(), 0));
}

int KernelModule::unload() const {
  return static_cast<int>(syscall(SYS_delete_module, name_.c_str(), O_NONBLOCK));
}

void KernelModule::must_load(const std::string& parameters) const {
  checked(load(parameters), "load of " + name_ + " " + parameters);
}

void KernelModule::must_unload() const { checked(unload(), "unload of " + name_); }

LoadedModule::~LoadedModule() { EXPECT_THAT(module_.unload(), SyscallSucceeds()); }

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>

namespace xpoll::test {

// A module, loaded or not. Like Backend's, the calls are raw.
class KernelModule {
 public:
  KernelModule(std::string name, std::string path)
      : name_(std::move(name)), path_(std::move(path)) {}

  const std::string& name() const { return name_; }
  bool loaded() const;

  int load(const std::string& parameters = {}) const;
  // Unloads like rmmod: EWOULDBLOCK while the module is in use.
  int unload() const;

  // For set-up code: these throw if the kernel refuses.
  void must_load(const std::string& parameters = {}) const;
  void must_unload() const;

 private:
  std::string name_;
  std::string path_;
};

// Unloads the module at the end of the scope. For modules that block xpoll for a while.
class LoadedModule {
 public:
  LoadedModule(const KernelModule& module, const std::string& parameters) : module_(module) {
    module_.must_load(parameters);
  }
  LoadedModule(const LoadedModule&) = delete;
  LoadedModule& operator=(const LoadedModule&) = delete;
  ~LoadedModule();

 private:
  const KernelModule& module_;
};

}  // namespace xpoll::test

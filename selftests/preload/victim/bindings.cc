// SPDX-License-Identifier: GPL-2.0-only
// The libraries in which the dynamic loader finds epoll's functions.
#include <dlfcn.h>

#include <cstdio>
#include <filesystem>

#include "modes.h"

namespace victim {
namespace {

struct Name {
  const char* name;
  const char* version;  // of the C library
};

constexpr Name kNames[] = {
#ifdef __aarch64__
    {"epoll_create", "GLIBC_2.17"}, {"epoll_create1", "GLIBC_2.17"}, {"epoll_ctl", "GLIBC_2.17"},
    {"epoll_wait", "GLIBC_2.17"},   {"epoll_pwait", "GLIBC_2.17"},   {"epoll_pwait2", "GLIBC_2.35"},
    {"syscall", "GLIBC_2.17"},
#else
    {"epoll_create", "GLIBC_2.3.2"}, {"epoll_create1", "GLIBC_2.9"}, {"epoll_ctl", "GLIBC_2.3.2"},
    {"epoll_wait", "GLIBC_2.3.2"},   {"epoll_pwait", "GLIBC_2.6"},   {"epoll_pwait2", "GLIBC_2.35"},
    {"syscall", "GLIBC_2.2.5"},
#endif
};

void tell_home(const char* how, const char* name, const void* address) {
  Dl_info info{};
  const bool known = address && dladdr(address, &info) != 0;
  std::printf("%s %s: %s\n", how, name,
              known ? std::filesystem::path(info.dli_fname).filename().c_str() : "nowhere");
}

}  // namespace

int bindings(const Arguments&) {
  for (const auto& [name, version] : kNames) {
    tell_home("dlsym", name, dlsym(RTLD_DEFAULT, name));
    tell_home("dlvsym", name, dlvsym(RTLD_DEFAULT, name, version));
  }
  return 0;
}

}  // namespace victim

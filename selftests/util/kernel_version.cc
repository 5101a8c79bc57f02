// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_version.h"

#include <sys/utsname.h>

#include <cstdio>
#include <cstring>
#include <stdexcept>

#include "tools/util/checked.h"

namespace xpoll::test {
namespace {

KernelVersion parse(const char* text) {
  KernelVersion version;
  if (std::sscanf(text, "%d.%d.%d", &version.major, &version.minor, &version.patch) != 3)
    throw std::runtime_error(std::string("no kernel version in: ") + text);
  return version;
}

utsname running_name() {
  utsname name{};
  checked(uname(&name), "uname");
  return name;
}

}  // namespace

KernelVersion running_kernel() {
  const utsname name = running_name();
  // Debian's release is the ABI name (6.1.0-56-amd64). The upstream version is in the version
  // field.
  const char* debian = std::strstr(name.version, "Debian ");
  return parse(debian ? debian + std::strlen("Debian ") : name.release);
}

bool kernel_has_debians_drivers() {
  const utsname name = running_name();
  return std::strstr(name.version, "Debian ") && !std::strstr(name.release, "-cloud-");
}

bool kernel_sleeps_for_spinlocks() {
  return std::strstr(running_name().version, "PREEMPT_RT") != nullptr;
}

}  // namespace xpoll::test

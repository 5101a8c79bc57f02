// SPDX-License-Identifier: GPL-2.0-only
#include "namespaces.h"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include "tools/util/file.h"

namespace xpoll::test {

bool unshare_as_root(int flags) {
  const uid_t user = getuid();
  const gid_t group = getgid();
  if (unshare(flags) < 0) return false;
  // Without a mapping, the process could not create a further user namespace.
  write_file("/proc/self/uid_map", fmt::format("0 {} 1", user));
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/gid_map", fmt::format("0 {} 1", group));
  return true;
}

}  // namespace xpoll::test

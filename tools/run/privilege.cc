// SPDX-License-Identifier: GPL-2.0-only
#include "privilege.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace run {
namespace {

namespace fs = std::filesystem;

bool is_on_nosuid(const fs::path& file) {
  struct statvfs mount {};
  return statvfs(file.c_str(), &mount) == 0 && (mount.f_flag & ST_NOSUID) != 0;
}

bool has_capabilities(const fs::path& file) {
  return getxattr(file.c_str(), "security.capability", nullptr, 0) > 0;
}

}  // namespace

std::optional<std::string> privilege_gained(const fs::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0 || is_on_nosuid(file)) return std::nullopt;
  // The kernel's rule: a set-group-ID bit without group execute permission once marked mandatory
  // locking.
  constexpr mode_t set_group = S_ISGID | S_IXGRP;
  if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1) {
    if ((status.st_mode & S_ISUID) && status.st_uid != getuid()) return "set-user-ID";
    if ((status.st_mode & set_group) == set_group && status.st_gid != getgid())
      return "set-group-ID";
  }
  if (getuid() != 0 && has_capabilities(file)) return "given file capabilities";
  return std::nullopt;
}

}  // namespace run

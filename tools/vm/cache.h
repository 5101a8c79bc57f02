// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <xpoll/unique_fd.hpp>

namespace xpoll::vm {

/** ${XPOLL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xpoll}, created if missing. */
std::filesystem::path cache_root();

/** Serializes all additions to the cache, across the user's processes. */
class CacheLock {
 public:
  CacheLock();

 private:
  unique_fd file_;
};

/** A directory beside the cache's entries in which an entry is built. It is removed unless
 * published. */
class Staging {
 public:
  explicit Staging(const std::string& name);
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /** Renames the finished directory to `target` atomically. */
  void publish(const std::filesystem::path& target);

 private:
  std::filesystem::path path_;
};

/** Points `link` to `target` atomically: other processes see the old target or the new one. */
void replace_symlink(const std::filesystem::path& target, const std::filesystem::path& link);

}  // namespace xpoll::vm

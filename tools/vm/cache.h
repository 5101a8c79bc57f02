// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <xpoll/unique_fd.hpp>

namespace xpoll::vm {

/** ${XPOLL_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/xpoll}, created if missing. */
std::filesystem::path cache_root();

/** Serialises everything that adds to the cache, over all processes of the user. */
class CacheLock {
 public:
  CacheLock();

 private:
  unique_fd file_;
};

/** A directory beside the cache's entries in which one is built; it vanishes unless published. */
class Staging {
 public:
  explicit Staging(const std::string& name);
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  ~Staging();

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /** Makes the finished directory appear as `target` in one step. */
  void publish(const std::filesystem::path& target);

 private:
  std::filesystem::path path_;
};

/** Lets `link` point to `target`; whoever looks sees the old target or the new one. */
void replace_symlink(const std::filesystem::path& target, const std::filesystem::path& link);

}  // namespace xpoll::vm

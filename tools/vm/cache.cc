// SPDX-License-Identifier: GPL-2.0-only
#include "cache.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include "progress.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

fs::path environment_path(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? fs::path{value} : fs::path{};
}

fs::path choose_root() {
  if (fs::path own = environment_path("XPOLL_CACHE"); !own.empty()) return own;
  if (fs::path xdg = environment_path("XDG_CACHE_HOME"); !xdg.empty()) return xdg / "xpoll";
  if (fs::path home = environment_path("HOME"); !home.empty()) return home / ".cache" / "xpoll";
  throw std::runtime_error("no directory for the cache: set XPOLL_CACHE or HOME");
}

void lock(int fd, int operation) {
  while (::flock(fd, operation) < 0) {
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "flock");
  }
}

}  // namespace

fs::path cache_root() {
  fs::path root = fs::absolute(choose_root());
  fs::create_directories(root);
  return root;
}

CacheLock::CacheLock() {
  const fs::path path = cache_root() / "lock";
  file_ = unique_fd{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644)};
  if (!file_.valid()) throw std::system_error(errno, std::generic_category(), path.string());
  if (::flock(file_.get(), LOCK_EX | LOCK_NB) < 0) {
    Progress waiting{"waiting for another xpoll-vm that is filling the cache"};
    lock(file_.get(), LOCK_EX);
    waiting.done();
  }
  // The lock is ours, so nobody else uses this directory: it was left by an interrupted run.
  fs::remove_all(cache_root() / "tmp");
}

Staging::Staging(const std::string& name) {
  const fs::path parent = cache_root() / "tmp";
  fs::create_directories(parent);
  std::string pattern = (parent / (name + ".XXXXXX")).string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), pattern);
  }
  path_ = pattern;
  fs::permissions(path_, fs::perms{0755});
}

Staging::~Staging() {
  std::error_code ignored;
  if (!path_.empty()) fs::remove_all(path_, ignored);
}

void Staging::publish(const fs::path& target) {
  fs::create_directories(target.parent_path());
  fs::remove_all(target);
  fs::rename(path_, target);
  path_.clear();
}

void replace_symlink(const fs::path& target, const fs::path& link) {
  const fs::path aside = link.string() + ".new";
  fs::remove(aside);
  fs::create_symlink(target, aside);
  fs::rename(aside, link);
}

}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#include "npm_packages.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string>

#include "cache.h"
#include "fnv.h"
#include "progress.h"
#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr const char* kLock = "package-lock.json";

void fetch(const fs::path& from, const fs::path& to) {
  if (!have_program("npm"))
    throw std::runtime_error("npm is missing: 'packaging/setup npm' installs it");
  for (const char* file : {"package.json", kLock}) fs::copy_file(from / file, to / file);
  Progress progress{"downloading " + from.string() + " with npm"};
  ChildSetup setup;
  setup.cwd = to;
  run_checked({"npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"},
              setup);
  progress.done("");
}

}  // namespace

fs::path npm_packages(const fs::path& directory) {
  const std::string lock_file = read_file(directory / kLock);
  const fs::path entry = cache_root() / "npm" / fmt::format("{:08x}", fnv1a_32(lock_file));
  const auto is_there = [&] { return fs::exists(entry) && read_file(entry / kLock) == lock_file; };
  if (is_there()) return entry / "node_modules";

  const CacheLock lock;
  if (is_there()) return entry / "node_modules";
  Staging staging{"npm"};
  fetch(directory, staging.path());
  staging.publish(entry);
  return entry / "node_modules";
}

}  // namespace xpoll::vm

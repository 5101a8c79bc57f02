// SPDX-License-Identifier: GPL-2.0-only
#include "checkpatch.h"

#include <fmt/format.h>

#include "apt.h"
#include "cache.h"
#include "process.h"
#include "progress.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSource = "linux-source-6.1";

void extract(const Package& package, const fs::path& directory) {
  const fs::path unpacked = directory / "package";
  unpack(package, unpacked);
  Argv argv{"tar",
            "--extract",
            "--file",
            (unpacked / "usr" / "src" / (package.name + ".tar.xz")).string(),
            "--directory",
            directory.string(),
            "--strip-components=2"};
  for (const char* file : {"checkpatch.pl", "spelling.txt", "const_structs.checkpatch"}) {
    argv.push_back(fmt::format("{}/scripts/{}", package.name, file));
  }
  run_checked(argv);
  fs::remove_all(unpacked);
}

}  // namespace

fs::path checkpatch_directory() {
  fs::path directory = cache_root() / "checkpatch";
  if (fs::exists(directory)) return directory;
  const CacheLock lock;
  if (fs::exists(directory)) return directory;
  const Package package = resolve(kSource);
  Staging staging{"checkpatch"};
  Progress progress{"taking checkpatch out of " + package.name};
  extract(package, staging.path());
  staging.publish(directory);
  progress.done("");
  return directory;
}

}  // namespace xpoll::vm

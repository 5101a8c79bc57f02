// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_source.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apt.h"
#include "cache.h"
#include "fnv.h"
#include "progress.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

void extract(const Package& package, const std::vector<std::string>& paths,
             const fs::path& directory) {
  const fs::path unpacked = directory / "package";
  download(package);
  Progress progress{
      fmt::format("extracting {} from {} {}", paths.front(), package.name, package.version)};
  unpack(package, unpacked);
  const fs::path archive = unpacked / "usr" / "src" / (package.name + ".tar.xz");
  Argv argv{"tar",
            "--extract",
            "--file",
            archive.string(),
            "--directory",
            directory.string(),
            "--strip-components=1"};
  for (const std::string& path : paths) argv.push_back(fmt::format("{}/{}", package.name, path));
  run_checked(argv);
  fs::remove_all(unpacked);
  progress.done();
}

}  // namespace

fs::path kernel_source(const std::string& series, const std::vector<std::string>& paths) {
  const std::string name = "linux-source-" + series;
  const uint32_t key = fnv1a_32(fmt::format("{}", fmt::join(paths, "\n")));
  const fs::path directory = cache_root() / "source" / name / fmt::format("{:08x}", key);
  if (fs::exists(directory)) return directory;
  const CacheLock lock;
  if (fs::exists(directory)) return directory;
  const Package package = resolve(name);
  Staging staging{name};
  extract(package, paths, staging.path());
  staging.publish(directory);
  return directory;
}

}  // namespace xpoll::vm

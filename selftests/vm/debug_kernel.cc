// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <thread>

#include "apt.h"
#include "cpio.h"
#include "embedded.h"
#include "file.h"
#include "kernel_entry.h"
#include "process.h"
#include "progress.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

void unpack_source(const Package& package, const fs::path& directory, const fs::path& source) {
  const fs::path unpacked = directory / "package";
  unpack(package, unpacked);
  Progress progress{fmt::format("unpacking {} {}", package.name, package.version)};
  fs::create_directory(source);
  const fs::path archive = unpacked / "usr" / "src" / (package.name + ".tar.xz");
  run_checked({"tar", "--extract", "--file", archive.string(), "--directory", source.string(),
               "--strip-components=1"});
  fs::remove_all(unpacked);
  progress.done("");
}

void make_kernel(const fs::path& source, const fs::path& build, const Argv& arguments) {
  Argv argv{"make",
            "--silent",
            "--directory",
            source.string(),
            "O=" + build.string(),
            fmt::format("--jobs={}", std::thread::hardware_concurrency())};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  run_checked(argv);
}

/** Module builds need headers, scripts and objtool; objects and drivers are gigabytes. */
void drop_bulk(const fs::path& source, const fs::path& build) {
  for (const char* directory : {"drivers", "sound", "Documentation", "fs", "net"}) {
    fs::remove_all(source / directory);
    fs::remove_all(build / directory);
  }
  for (auto entry = fs::recursive_directory_iterator{build};
       entry != fs::recursive_directory_iterator{}; ++entry) {
    if (entry->path() == build / "scripts" || entry->path() == build / "tools") {
      entry.disable_recursion_pending();
    } else if (entry->path().extension() == ".o" || entry->path().extension() == ".a") {
      fs::remove(entry->path());
    }
  }
}

}  // namespace

EntryInfo build_debug_entry(const Kernel& kernel, const Package& package,
                            const fs::path& directory) {
  const fs::path source = directory / "source";
  const fs::path build = directory / "build";
  unpack_source(package, directory, source);

  Progress progress{fmt::format("building {} ({}), some minutes", kernel.name, package.version)};
  fs::create_directory(build);
  const fs::path fragment = directory / "debug.config";
  write_file(fragment, embedded::debug_config);
  make_kernel(source, build, {"KCONFIG_ALLCONFIG=" + fragment.string(), "allnoconfig"});
  make_kernel(source, build, {"bzImage", "modules", "modules_prepare"});

  EntryInfo info;
  info.release = read_file(build / "include" / "config" / "kernel.release");
  info.release.erase(info.release.find('\n'));
  fs::copy_file(build / "arch" / "x86" / "boot" / "bzImage", directory / "bzImage");
  write_file(directory / "drivers.cpio", CpioArchive{}.finish());  // all are built in

  fs::remove(build / "source");
  fs::create_directory_symlink("../source", build / "source");
  include_relative(build / "Makefile", "../source");
  drop_bulk(source, build);
  progress.done("");
  return info;
}

}  // namespace xpoll::vm

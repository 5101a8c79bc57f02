// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <stdexcept>

#include "apt.h"
#include "cpio.h"
#include "kernel_config.h"
#include "kernel_entry.h"
#include "kernel_make.h"
#include "progress.h"
#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

void unpack_source(const Package& package, const fs::path& directory, const fs::path& source) {
  const fs::path unpacked = directory / "package";
  download(package);
  Progress progress{fmt::format("unpacking {} {}", package.name, package.version)};
  unpack(package, unpacked);
  fs::create_directory(source);
  const fs::path archive = unpacked / "usr" / "src" / (package.name + ".tar.xz");
  run_checked({"tar", "--extract", "--file", archive.string(), "--directory", source.string(),
               "--strip-components=1"});
  fs::remove_all(unpacked);
  progress.done();
}

void configure(const KernelTree& tree, const KernelConfig& config, Progress& progress) {
  const fs::path asked = tree.build / "options.config";
  write_file(asked, config.options);
  Argv arguments = config.variables;
  arguments.insert(arguments.end(), {"KCONFIG_ALLCONFIG=" + asked.string(), "allnoconfig"});
  make_kernel(tree, arguments, progress);
  const std::string dropped = dropped_options(config.options, read_file(tree.build / ".config"));
  if (!dropped.empty()) throw std::runtime_error("this kernel cannot be built with" + dropped);
}

/** Module builds need headers, scripts and objtool. Objects and drivers, which take gigabytes, are
 * not needed. */
void drop_bulk(const KernelTree& tree) {
  for (const char* directory : {"drivers", "sound", "Documentation", "fs", "net"}) {
    fs::remove_all(tree.source / directory);
    fs::remove_all(tree.build / directory);
  }
  for (auto entry = fs::recursive_directory_iterator{tree.build};
       entry != fs::recursive_directory_iterator{}; ++entry) {
    if (entry->path() == tree.build / "scripts" || entry->path() == tree.build / "tools") {
      entry.disable_recursion_pending();
    } else if (entry->path().extension() == ".o" || entry->path().extension() == ".a") {
      fs::remove(entry->path());
    }
  }
}

}  // namespace

EntryInfo build_debug_entry(const Kernel& kernel, const Package& package,
                            const fs::path& directory) {
  const KernelTree tree{.source = directory / "source", .build = directory / "build"};
  unpack_source(package, directory, tree.source);

  Progress progress{fmt::format("building {} ({}), some minutes", kernel.name, package.version)};
  fs::create_directory(tree.build);
  const KernelConfig config = config_of_profile(kernel.profile);
  configure(tree, config, progress);
  Argv targets = config.variables;
  for (const char* target : {"bzImage", "modules", "modules_prepare"}) targets.emplace_back(target);
  make_kernel(tree, targets, progress);

  EntryInfo info;
  info.release = read_file(tree.build / "include" / "config" / "kernel.release");
  info.release.erase(info.release.find('\n'));
  fs::copy_file(tree.build / "arch" / "x86" / "boot" / "bzImage", directory / "bzImage");
  write_file(directory / "drivers.cpio", CpioArchive{}.finish());  // all drivers are built in

  fs::remove(tree.build / "source");
  fs::create_directory_symlink("../source", tree.build / "source");
  include_relative(tree.build / "Makefile", "../source");
  drop_bulk(tree);
  progress.done();
  return info;
}

}  // namespace xpoll::vm

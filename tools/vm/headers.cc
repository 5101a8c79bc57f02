// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <stdexcept>

#include "apt.h"
#include "kernel_entry.h"
#include "tools/util/file.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

void include_relative(const fs::path& makefile, const std::string& source) {
  write_file(makefile,
             fmt::format("include $(dir $(lastword $(MAKEFILE_LIST))){}/Makefile\n", source));
}

std::vector<Package> header_packages(const Kernel& kernel) {
  return resolve_dependencies(std::string{kernel.headers}, {"linux-headers-", "linux-kbuild-"});
}

void unpack_headers(const std::vector<Package>& packages, const std::string& release,
                    const fs::path& directory) {
  const fs::path unpacked = directory / "headers";
  for (const Package& package : packages) unpack(package, unpacked);
  const fs::path build = unpacked / "usr" / "src" / ("linux-headers-" + release);
  if (!fs::exists(build / "Module.symvers")) {
    throw std::runtime_error(
        fmt::format("the headers that apt offers do not match the kernel {}", release));
  }
  // The Makefile includes an absolute path such as /usr/src/linux-headers-6.1.0-56-common/Makefile,
  // which exists only if the package is installed.
  const std::string makefile = read_file(build / "Makefile");
  const fs::path common = fs::path{makefile.substr(makefile.find('/'))}.parent_path().filename();
  include_relative(build / "Makefile", "../" + common.string());
  fs::create_directory_symlink(fs::relative(build, directory), directory / "build");
}

}  // namespace xpoll::vm

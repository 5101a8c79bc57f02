// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "apt.h"
#include "kernel_entry.h"
#include "suite.h"
#include "tools/util/file.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

/** "gcc-14" of the headers' dependencies, which are gcc-14 or gcc-14-for-host. */
std::string compiler_of(const std::vector<Package>& headers) {
  for (const Package& package : headers) {
    for (const std::string& name : package.depends) {
      if (name.starts_with("gcc-")) return name.substr(0, name.find("-for-host"));
    }
  }
  throw std::runtime_error("the headers depend on no compiler");
}

/** The words after "include " in a Makefile of Debian's headers. */
std::string included(const std::string& makefile) {
  std::istringstream lines{makefile};
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kInclude = "include ";
    if (line.starts_with(kInclude)) return line.substr(kInclude.size());
  }
  throw std::runtime_error("the headers' Makefile includes no other");
}

/** Makes a Makefile run once more with the toolchain first in PATH. A variable that a Makefile
 * exports is not enough: before GNU make 4.4 $(shell) does not see it. */
void use_toolchain(const fs::path& makefile, const Toolchain& toolchain) {
  constexpr std::string_view kAgain = R"({}programs := {}
ifeq ($(filter $(programs):%,$(PATH)),)
export PATH := $(programs):$(PATH)
goals := $(or $(MAKECMDGOALS),modules)
.PHONY: $(goals) again
$(goals): again
	@:
again:
	+@$(MAKE) --no-print-directory --file=$(firstword $(MAKEFILE_LIST)) $(MAKECMDGOALS)
else
{}endif
)";
  const std::string target =
      toolchain.target == Architecture::kAmd64
          ? ""
          : fmt::format("export ARCH := {}\nexport CROSS_COMPILE := {}-\n",
                        debian_name(toolchain.target), triplet(toolchain.target));
  write_file(makefile,
             fmt::format(kAgain, target, toolchain.programs.string(), read_file(makefile)));
}

/** kbuild's own programs, which modules are built with. */
void wrap_kbuild(const fs::path& unpacked, const Toolchain& toolchain) {
  for (const auto& entry : fs::directory_iterator{unpacked / "usr" / "lib"}) {
    if (entry.path().filename().string().starts_with("linux-kbuild-"))
      wrap_programs(entry.path(), toolchain);
  }
}

}  // namespace

void include_relative(const fs::path& makefile, const std::string& source,
                      const std::string& before) {
  write_file(makefile, fmt::format("{}include $(dir $(lastword $(MAKEFILE_LIST))){}/Makefile\n",
                                   before, source));
}

std::vector<Package> header_packages(const Kernel& kernel) {
  constexpr std::string_view kKbuild = "linux-kbuild-";
  const Package headers = resolve(std::string{kernel.headers}, std::string{kernel.suite});
  std::vector<Package> packages = resolve_dependencies(headers, {"linux-headers-", kKbuild});
  // kbuild's own programs run on this host.
  for (Package& package : packages) {
    if (package.name.starts_with(kKbuild))
      package = resolve(package.name, std::string{without_architecture(package.suite)});
  }
  return packages;
}

std::optional<Toolchain> toolchain_for(const std::vector<Package>& headers) {
  const std::string& suite = headers.front().suite;
  if (suite.empty()) return std::nullopt;
  return prepare_toolchain(compiler_of(headers), suite);
}

void unpack_headers(const std::vector<Package>& packages, const std::string& release,
                    const std::optional<Toolchain>& toolchain, const fs::path& directory) {
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
  const fs::path common = fs::path{included(makefile)}.parent_path().filename();
  std::string before;
  if (makefile.find("KBUILD_OUTPUT=") != std::string::npos) {
    before += "KBUILD_OUTPUT := $(patsubst %/,%,$(dir $(abspath $(lastword $(MAKEFILE_LIST)))))\n";
  }
  include_relative(build / "Makefile", "../" + common.string(), before);
  if (toolchain) {
    wrap_kbuild(unpacked, *toolchain);
    use_toolchain(build / "Makefile", *toolchain);
  }
  fs::create_directory_symlink(fs::relative(build, directory), directory / "build");
}

}  // namespace xpoll::vm

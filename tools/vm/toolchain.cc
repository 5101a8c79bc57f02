// SPDX-License-Identifier: GPL-2.0-only
#include "toolchain.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "cache.h"
#include "suite.h"
#include "tools/util/file.h"
#include "unpacked_packages.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kWrapped = ".elf";

/** An executable program, no library: libraries of Debian have no execute permission. */
bool is_program(const fs::directory_entry& entry) {
  if (entry.is_symlink() || !entry.is_regular_file()) return false;
  if ((entry.status().permissions() & fs::perms::owner_exec) == fs::perms::none) return false;
  if (entry.path().filename().string().find(".so") != std::string::npos) return false;
  constexpr std::string_view kMagic = "\177ELF";
  std::array<char, kMagic.size()> begin{};
  std::ifstream{entry.path(), std::ios::binary}.read(begin.data(), begin.size());
  return std::string_view{begin.data(), begin.size()} == kMagic;
}

/** `program` is a word of the shell. */
std::string script(const Toolchain& toolchain, const std::string& program) {
  // Until Debian 12 the C library is in /lib.
  const fs::path libraries = toolchain.root / "usr" / "lib" / triplet(Architecture::kAmd64);
  const fs::path old = toolchain.root / "lib" / triplet(Architecture::kAmd64);
  return fmt::format(
      "#!/bin/sh\nexec '{0}/ld-linux-x86-64.so.2' --library-path '{0}:{1}' --argv0 \"$0\" {2} "
      "\"$@\"\n",
      (fs::exists(old) ? old : libraries).string(), libraries.string(), program);
}

/** Replaces the program by `text`, in one step. */
void wrap(const fs::path& program, const std::string& text) {
  const fs::path fresh = program.string() + ".new";
  write_file(fresh, text);
  fs::permissions(fresh, fs::status(program).permissions());
  const fs::path kept = program.string() + std::string{kWrapped};
  fs::remove(kept);  // of an interrupted run
  fs::create_hard_link(program, kept);
  fs::rename(fresh, program);
}

std::vector<fs::path> programs_below(const fs::path& directory) {
  std::vector<fs::path> programs;
  if (!fs::exists(directory)) return programs;
  for (const auto& entry : fs::recursive_directory_iterator{directory}) {
    if (entry.path().extension() != kWrapped && is_program(entry)) programs.push_back(entry.path());
  }
  return programs;
}

/** gcc finds the others by PATH, kbuild by names that begin with the triplet. */
bool is_tool(const std::string& name, const std::string& compiler, Architecture target) {
  constexpr auto kTools = std::to_array<std::string_view>(
      {"as", "ld", "ld.bfd", "ar", "nm", "objcopy", "objdump", "readelf", "strip", "pahole"});
  if (name.ends_with(kWrapped)) return false;
  if (name.starts_with(triplet(target)) || name == compiler) return true;
  return std::ranges::find(kTools, name) != kTools.end();
}

void link_programs(const Toolchain& toolchain, const std::string& compiler) {
  fs::create_directory(toolchain.programs);
  for (const auto& entry : fs::directory_iterator{toolchain.root / "usr" / "bin"}) {
    const std::string name = entry.path().filename();
    const fs::path link = toolchain.programs / name;
    if (is_tool(name, compiler, toolchain.target) && !fs::exists(fs::symlink_status(link)))
      fs::create_symlink(entry.path(), link);
  }
}

/** The unpacked packages stay where they are, so a script can name the program, whatever link it is
 * run by. */
void wrap_in_place(const Toolchain& toolchain, const char* directory) {
  for (const fs::path& program : programs_below(toolchain.root / "usr" / directory)) {
    wrap(program, script(toolchain, fmt::format("'{}{}'", program.string(), kWrapped)));
  }
}

}  // namespace

Toolchain prepare_toolchain(const std::string& compiler, const std::string& suite) {
  const Architecture target = architecture_of(suite);
  const std::string cross =
      target == Architecture::kAmd64 ? "" : fmt::format("-{}", triplet(target));
  const fs::path root = unpacked_suite({compiler + cross, "binutils" + cross, "pahole"},
                                       std::string{without_architecture(suite)});
  Toolchain toolchain{.target = target, .root = root, .programs = root.parent_path() / "programs"};
  for (const char* directory : {"bin", "libexec", "lib/gcc", "lib/gcc-cross"})
    wrap_in_place(toolchain, directory);
  link_programs(toolchain, compiler);
  return toolchain;
}

fs::path prepare_programs(const std::vector<std::string>& packages, const std::string& suite) {
  const CacheLock lock;
  update_lists(suite);
  const fs::path root = unpacked_suite(packages, suite);
  wrap_in_place(Toolchain{.root = root, .programs = {}}, "bin");
  return root;
}

void wrap_programs(const fs::path& directory, const Toolchain& toolchain) {
  for (const fs::path& program : programs_below(directory)) {
    wrap(program, script(toolchain, fmt::format("\"$0{}\"", kWrapped)));
  }
}

}  // namespace xpoll::vm

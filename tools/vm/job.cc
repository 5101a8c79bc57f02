// SPDX-License-Identifier: GPL-2.0-only
#include "job.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>
#include <stdexcept>

#include "cpio.h"
#include "embedded.h"
#include "tools/util/file.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

/** Statically linked, of the guest's architecture. */
fs::path busybox_of(const PreparedKernel& kernel) {
  return kernel.root.empty() ? "/bin/busybox" : kernel.root / "bin" / "busybox";
}

std::string settings(const PreparedKernel& kernel, const Job& job) {
  const Terminal terminal = job.terminal.value_or(Terminal{});
  const auto setting = [](std::string_view name, const std::string& value) {
    return fmt::format("{}={}\n", name, shell_quote(value));
  };
  const bool arm64 = kernel.architecture == Architecture::kArm64;
  return setting("control", arm64 ? "/dev/ttyS0" : "/dev/ttyS1") +
         setting("terminal_port", arm64 ? "/dev/ttyS1" : "/dev/ttyS2") +
         setting("root", kernel.root.string()) +
         setting("share", kernel.share == Share::k9p ? "9p" : "virtiofs") +
         setting("modules", fs::exists(kernel.modules()) ? kernel.modules().string() : "") +
         setting("output", job.output ? "yes" : "no") +
         setting("module", job.module ? module_name(*job.module) : "") +
         setting("interactive", job.terminal ? "yes" : "no") + setting("terminal", terminal.type) +
         setting("rows", std::to_string(terminal.rows)) +
         setting("columns", std::to_string(terminal.columns));
}

std::string command_script(const Job& job) {
  std::string script = fmt::format("cd {} && exec", shell_quote(job.cwd.string()));
  for (const std::string& word : job.command) script += " " + shell_quote(word);
  return script + "\n";
}

std::string lines(const std::vector<std::string>& words) {
  return words.empty() ? "" : fmt::format("{}\n", fmt::join(words, "\n"));
}

/** The directory of a host file or directory that the path names. */
std::optional<fs::path> directory_of(const fs::path& path) {
  const fs::path normal = path.lexically_normal();
  if (!normal.is_absolute() || !fs::exists(normal)) return std::nullopt;
  return fs::is_directory(normal) ? normal : normal.parent_path();
}

/** A directory relative to /tmp, if it lies below /tmp. */
std::optional<std::string> below_tmp(const fs::path& directory) {
  const fs::path relative = directory.lexically_relative("/tmp");
  if (relative.empty() || relative == "." || *relative.begin() == "..") return std::nullopt;
  return relative.string();
}

/** A mount hides directories below it, so keep only the outermost ones. */
std::vector<std::string> outermost(const std::set<std::string>& directories) {
  std::vector<std::string> outermost;
  for (const std::string& directory : directories) {
    if (outermost.empty() || !directory.starts_with(outermost.back() + "/")) {
      outermost.push_back(directory);
    }
  }
  return outermost;
}

/** The host directories that the command names or is in. */
std::set<fs::path> all_directories(const Job& job) {
  std::set<fs::path> directories;
  const auto consider = [&](const fs::path& path) {
    if (auto directory = directory_of(path)) directories.insert(*directory);
  };
  consider(job.cwd);
  for (const std::string& word : job.command) consider(word);
  return directories;
}

}  // namespace

std::string module_name(const fs::path& file) {
  std::string name = file.stem();
  std::ranges::replace(name, '-', '_');
  return name;
}

std::vector<std::string> tmp_directories(const Job& job) {
  std::set<std::string> directories;
  for (const fs::path& directory : all_directories(job)) {
    if (auto relative = below_tmp(directory)) directories.insert(*relative);
  }
  return outermost(directories);
}

std::vector<std::string> used_directories(const Job& job) {
  // What the guest has of its own.
  constexpr auto kOwn = std::to_array<std::string_view>(
      {"bin", "dev", "etc", "lib", "proc", "run", "sbin", "sys", "tmp", "usr", "var"});
  std::set<std::string> directories;
  for (const fs::path& directory : all_directories(job)) {
    if (directory == "/") continue;
    const std::string first = *std::next(directory.begin());
    if (std::ranges::find(kOwn, first) == kOwn.end()) directories.insert(directory);
  }
  return outermost(directories);
}

std::string build_initramfs(const PreparedKernel& kernel, const Job& job) {
  const fs::path busybox = busybox_of(kernel);
  if (!fs::exists(busybox)) {
    throw std::runtime_error(
        fmt::format("{} is missing: install the package busybox-static", busybox.string()));
  }
  CpioArchive cpio;
  cpio.add_file("init", embedded::guest_init, 0755);
  cpio.add_file("session", embedded::guest_session, 0755);
  cpio.add_directory("bin");
  cpio.add_file("bin/busybox", read_file(busybox), 0755);
  cpio.add_directory("job");
  cpio.add_file("job/settings", settings(kernel, job), 0644);
  cpio.add_file("job/command", command_script(job), 0644);
  cpio.add_file("job/parameters", lines(job.module_parameters), 0644);
  cpio.add_file("job/tmp-directories", lines(tmp_directories(job)), 0644);
  cpio.add_file("job/directories", lines(used_directories(job)), 0644);
  if (job.module) {
    cpio.add_file(fmt::format("job/{}.ko", module_name(*job.module)), read_file(*job.module), 0644);
  }
  return read_file(kernel.drivers()) + cpio.finish();
}

}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_make.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <stdexcept>
#include <thread>

#include "kernel_log.h"
#include "tools/util/file.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr size_t kTailLines = 40;

/** make prints one line per file that it builds. */
std::string count_steps(const fs::path& log) {
  return fmt::format("{} files", std::ranges::count(read_file(log), '\n'));
}

}  // namespace

void make_kernel(const KernelTree& tree, const Argv& arguments, Progress& progress) {
  Argv argv{"make", "--directory", tree.source.string(), "O=" + tree.build.string(),
            fmt::format("--jobs={}", std::thread::hardware_concurrency())};
  argv.insert(argv.end(), arguments.begin(), arguments.end());

  const fs::path log = tree.build / "make.log";
  const unique_fd output = open_file(log, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND);
  ChildSetup setup;
  setup.out = output.get();
  setup.err = output.get();
  // Under a silent make this one would be silent too.
  setup.environment = {"MAKEFLAGS="};
  progress.note([log] { return count_steps(log); });
  if (const int status = run_status(argv, setup); status != 0) {
    const std::string said = read_file(log);
    const std::string command = fmt::format("{}", fmt::join(argv, " "));
    if (const auto line = disk_full_line(said)) {
      throw DiskFull(fmt::format("'{}' could not write: {}", command, *line));
    }
    throw std::runtime_error(
        fmt::format("'{}' ended with {}\n{}", command, status, tail(said, kTailLines)));
  }
}

}  // namespace xpoll::vm

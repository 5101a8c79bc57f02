// SPDX-License-Identifier: GPL-2.0-only
#include "report/step.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "tools/util/file.h"

namespace xpoll::report {

namespace fs = std::filesystem;

namespace {

int run_logged(const Argv& command, const fs::path& log) {
  const unique_fd output = open_file(log, O_WRONLY | O_CREAT | O_TRUNC);
  ChildSetup setup;
  setup.out = output.get();
  setup.err = output.get();
  return run_status(command, setup);
}

}  // namespace

bool run_step(const std::string& name, const fs::path& directory, const Argv& command,
              Output output) {
  fs::create_directories(directory);
  const fs::path log = directory / (name + ".log");
  const auto start = std::chrono::steady_clock::now();
  const int status = output == Output::kLive ? run_status(command) : run_logged(command, log);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();

  const bool passed = status == 0;
  const nlohmann::json json{
      {"name", name}, {"passed", passed}, {"status", status}, {"seconds", seconds}};
  write_file(directory / (name + ".step.json"), json.dump(2) + "\n");
  fmt::print("{} - {} ({:.1f} s)\n", passed ? "ok" : "not ok", name, seconds);
  if (!passed && output == Output::kKept) fmt::print("{}", read_file(log));
  std::fflush(stdout);
  return passed;
}

}  // namespace xpoll::report

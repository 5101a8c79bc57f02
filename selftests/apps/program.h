// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apps/counting_group.h"
#include "apps/platform.h"
#include "apps/run_stats.h"
#include "tools/util/checked.h"
#include "tools/util/child.h"

namespace xpoll::test {

// Longer than any of these programs needs in an emulated guest.
constexpr std::chrono::seconds kProgramLimit{300};

struct Command {
  std::string program;  // a path, or a name to look up in the packages, then in the guest
  std::vector<std::string> arguments;
  std::vector<std::string> environment = {};  // NAME=VALUE, added to the environment
  std::filesystem::path directory = {};       // working directory; unchanged if empty
};

// An unmodified program, on xpoll (under xpoll-run) or on native epoll. Its output goes to a log.
// The destructor kills it if it still runs.
class Program {
 public:
  // Its output goes to `log`. Related files have the same name with other extensions.
  Program(const Platform& platform, const Command& command, std::filesystem::path log);

  // The pid of the program itself, not of xpoll-run.
  pid_t pid() const;
  bool running() const;
  void signal(int number) const;

  // Waits for the end. Returns the exit status, or 128 + N after signal N. Throws if the program
  // has not ended in time.
  int wait(std::chrono::seconds limit = kProgramLimit);
  // Sends the signal, then waits.
  int stop(int number = SIGTERM);

  // Its output so far, of both streams.
  std::string output() const;
  const std::filesystem::path& log() const { return log_; }

  // The kernel's counters of its xpoll instances, on either backend. The program must have ended.
  RunStats stats() const;

 private:
  std::filesystem::path stats_file() const;

  Platform platform_;
  std::filesystem::path log_;
  CountingGroup group_;  // for a native program: must stay empty
  // xpoll-run on xpoll, otherwise the program.
  std::optional<Child> leader_;
};

}  // namespace xpoll::test

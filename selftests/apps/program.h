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
#include "apps/run_stats.h"
#include "tools/util/backend.h"
#include "tools/util/checked.h"
#include "tools/util/child.h"

namespace xpoll::test {

// Longer than any program here takes to do its work in an emulated guest.
constexpr std::chrono::seconds kProgramLimit{300};

struct Command {
  std::string program;  // a path, or a name to look for in the packages, then in the guest
  std::vector<std::string> arguments;
  std::vector<std::string> environment = {};  // NAME=VALUE, added to ours
  std::filesystem::path directory = {};       // to run in; ours if empty
};

// A program that nobody changed, on xpoll (below xpoll-run) or on native epoll. What it prints goes
// to a log. It is killed in the end if it still runs.
class Program {
 public:
  // `log` is where its output goes; files of the same name and other endings lie beside it.
  Program(Backend backend, const Command& command, std::filesystem::path log);

  // The program's own process, not xpoll-run's.
  pid_t pid() const;
  bool running() const;
  void signal(int number) const;

  // The exit status, 128 + N after signal N. Throws if the program has not ended by then.
  int wait(std::chrono::seconds limit = kProgramLimit);
  // Sends the signal, then waits.
  int stop(int number = SIGTERM);

  // What it has printed up to now, on either stream.
  std::string output() const;
  const std::filesystem::path& log() const { return log_; }

  // What the kernel counted for it in xpoll, on either backend; after its end.
  RunStats stats() const;

 private:
  std::filesystem::path stats_file() const;

  Backend backend_;
  std::filesystem::path log_;
  CountingGroup group_;  // of a native program: it must stay empty
  // xpoll-run on xpoll, else the program.
  std::optional<Child> leader_;
};

}  // namespace xpoll::test

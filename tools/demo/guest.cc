// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <string>
#include <system_error>
#include <vector>

namespace demo {
namespace {

/// The guest's ports, in the order of the backends; the runner picks the host's.
constexpr int first_port = 7000;
constexpr int second_port = 7001;

std::vector<std::string> command_of(const Plan& plan) {
  const std::string beside =
      fmt::format("'{}' '{}' {} {} {}", (plan.programs / "xpoll-demo-host").native(),
                  plan.out.native(), plan.host_connections, plan.messages, plan.size);
  std::vector<std::string> command{
      plan.runner, "run",
      "--kernel",  plan.kernel,
      "--module",  plan.module,
      "--forward", fmt::format("0:{}", first_port),
      "--forward", fmt::format("0:{}", second_port),
      "--beside",  beside,
      "--phase",   plan.out / "phase",
      "--out",     plan.out,
  };
  command.insert(command.end(), plan.runner_options.begin(), plan.runner_options.end());
  const std::vector<std::string> in_guest{
      "--",
      plan.programs / "xpoll-demo-guest",
      "/out",
      std::to_string(plan.guest_connections),
      std::to_string(plan.host_connections),
      std::to_string(plan.messages),
      std::to_string(plan.size),
      fmt::format("{},{}", first_port, second_port),
  };
  command.insert(command.end(), in_guest.begin(), in_guest.end());
  return command;
}

int wait_for(pid_t child) {
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::system_category(), "waitpid");
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

int run_guest(const Plan& plan) {
  std::vector<std::string> command = command_of(plan);
  std::vector<char*> argv;
  std::transform(command.begin(), command.end(), std::back_inserter(argv),
                 [](std::string& word) { return word.data(); });
  argv.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawn(&child, argv[0], nullptr, nullptr, argv.data(), environ);
  if (error != 0) throw std::system_error(error, std::system_category(), plan.runner.native());
  return wait_for(child);
}

}  // namespace demo

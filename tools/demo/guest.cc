// SPDX-License-Identifier: GPL-2.0-only
#include "guest.h"

#include <fmt/format.h>

#include <csignal>
#include <string>
#include <vector>

#include "tools/util/child.h"

namespace demo {
namespace {

/// The guest's ports, in the order of the backends. The runner picks the host's ports.
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
      plan.guest_programs / "xpoll-demo-guest",
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

}  // namespace

int run_guest(const Plan& plan) {
  xpoll::ChildSetup setup;
  setup.held = true;
  // SIGTERM instead of SIGKILL, so that it can remove its files.
  setup.death_signal = SIGTERM;
  xpoll::Child runner{command_of(plan), setup};
  runner.release();
  return runner.wait();
}

}  // namespace demo

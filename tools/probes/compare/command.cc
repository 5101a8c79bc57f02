// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"

#include <unistd.h>

#include <csignal>
#include <system_error>

#include "probes/util/unavailable.h"

namespace probes::compare {
namespace {

std::optional<xpoll::OutputFile> file_for(Command::Output output) {
  if (output == Command::Output::to_stderr) return std::nullopt;
  return std::make_optional<xpoll::OutputFile>();
}

xpoll::ChildSetup setup_with(const std::optional<xpoll::OutputFile>& output) {
  xpoll::ChildSetup setup;
  setup.held = true;
  setup.out = output ? output->fd() : STDERR_FILENO;
  setup.before_exec = [] { std::signal(SIGINT, SIG_DFL); };
  return setup;
}

}  // namespace

Command::Command(const Words& words, Output output)
    : output_(file_for(output)), child_(words, setup_with(output_)) {}

void Command::release() {
  try {
    child_.release();
  } catch (const std::system_error& error) {
    throw Unavailable(error.what());
  }
}

bool Command::terminate(std::chrono::seconds patience) {
  child_.kill(SIGTERM);
  if (ended_within(patience)) return true;
  child_.kill(SIGKILL);
  return false;
}

}  // namespace probes::compare

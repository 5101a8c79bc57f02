// SPDX-License-Identifier: GPL-2.0-only
// xpoll-run: runs an unmodified program on xpoll.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <exception>
#include <optional>
#include <string>
#include <utility>
#include <xpoll/unique_fd.hpp>

#include "device.h"
#include "environment.h"
#include "execute.h"
#include "failure.h"
#include "find_program.h"
#include "obstacle.h"
#include "options.h"
#include "report.h"
#include "ring_refusals.h"
#include "say.h"
#include "supervise.h"
#include "tools/util/wake_program.h"
#include "way.h"

namespace {

/// Opens the file before the program runs, while an error can still refuse the run. The program
/// must not inherit it, since that would change its descriptor numbers.
xpoll::unique_fd open_json(const run::Options& options) {
  if (options.json.empty()) return xpoll::unique_fd();
  constexpr mode_t mode = 0666;
  xpoll::unique_fd file(open(options.json.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
  if (!file.valid())
    throw run::Failure(
        run::Status::refused,
        fmt::format("can't write {}: {}", options.json.native(), std::strerror(errno)));
  return file;
}

/// The exit status is the program's. A failure to write the report does not change it.
void report(const run::Options& options, const xpoll::unique_fd& json,
            const run::Outcome& outcome) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (options.print_stats) run::print_report(outcome);
    if (const std::string hint = run::hint_of(outcome); !hint.empty()) run::warn(hint);
    if (json.valid() && !run::write_json(json, outcome))
      run::warn(fmt::format("can't write {}: {}", options.json.native(), std::strerror(errno)));
  } catch (const std::exception& error) {
    run::warn(fmt::format("can't report: {}", error.what()));
  }
}

/// Only the preload library refuses rings.
std::optional<run::RingRefusals> count_refused_rings(run::Way way) {
  if (way != run::Way::preload) return std::nullopt;
  std::optional<run::RingRefusals> refusals(std::in_place);
  run::set_ring_refusals(refusals->name());
  return refusals;
}

[[noreturn]] void run_counted(const run::Options& options, const run::Command& command,
                              const std::optional<run::Device>& device, run::Way way) {
  const xpoll::unique_fd json = open_json(options);
  const std::optional<run::RingRefusals> refusals = count_refused_rings(way);
  const int status = run::supervise(command);
  const run::Outcome outcome{
      .program = command.arguments.front(),
      .status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
      .way = way,
      .refused_rings = refusals ? refusals->take() : 0,
      .stats = device ? device->stats() : xpoll_stats{}};
  report(options, json, outcome);
  run::end_likewise(status);
}

std::uint64_t needed_features(const run::Options& options) {
  return (options.wake ? XPOLL_FEATURE_WAKE : 0) |
         (options.close_removes ? XPOLL_FEATURE_CLOSE_REMOVES : 0);
}

/// The device, or nothing if the program will run without it.
std::optional<run::Device> open_device(const run::Options& options) {
  try {
    std::optional<run::Device> device(std::in_place, needed_features(options));
    if (options.close_removes) device->require_close_removes();
    return device;
  } catch (const run::Failure& failure) {
    if (!options.fallback) throw;
    run::warn(fmt::format("{}. Falling back to native epoll", failure.what()));
    return std::nullopt;
  }
}

void set_wake_policy(const run::Device& device, const run::WakePolicy& wake) {
  if (wake.policy == XPOLL_WAKE_BPF)
    device.set_wake_policy(wake.policy, xpoll::WakeProgram(wake.program).fd());
  else
    device.set_wake_policy(wake.policy, 0);
}

int run_program(const run::Options& options) {
  const run::Command command{.file = run::find_program(options.command.front()),
                             .arguments = options.command};
  if (const std::optional<std::string> obstacle = run::privilege_obstacle_of(command.file))
    run::refuse(*obstacle, options);
  const std::optional<run::Device> device = open_device(options);
  if (device && options.wake) set_wake_policy(*device, *options.wake);
  std::optional<run::Group> group;
  if (device && (options.wake || options.count())) group = device->group();
  const run::Way way = take_way(options, command.file, device, group);
  if (options.count()) run_counted(options, command, device, way);
  const int error = run::execute(command);
  throw run::Failure(error == ENOENT ? run::Status::not_found : run::Status::not_executable,
                     fmt::format("{}: {}", command.file.native(), std::strerror(error)));
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int refused = static_cast<int>(run::Status::refused);
  run::Options options;
  CLI::App app;
  run::declare(app, options);
  try {
    app.parse(argc, argv);
    options.command = run::command_of(app);
    return run_program(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : refused;
  } catch (const run::Failure& failure) {
    run::warn(failure.what());
    return failure.status();
  } catch (const std::exception& error) {
    run::warn(error.what());
    return refused;
  }
}

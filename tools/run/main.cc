// SPDX-License-Identifier: GPL-2.0-only
// xpoll-run: runs an unmodified program on xpoll.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>
#include <xpoll/unique_fd.hpp>

#include "device.h"
#include "environment.h"
#include "execute.h"
#include "failure.h"
#include "find_program.h"
#include "obstacle.h"
#include "report.h"
#include "ring_library.h"
#include "ring_refusals.h"
#include "supervise.h"
#include "tools/util/version.h"
#include "tools/util/wake_program.h"
#include "wake_policy.h"

namespace {

namespace fs = std::filesystem;

struct Options {
  bool print_stats = false;
  fs::path json;
  bool fallback = false;
  bool io_uring = false;
  std::optional<run::WakePolicy> wake;
  std::vector<std::string> command;

  [[nodiscard]] bool count() const { return print_stats || !json.empty(); }
};

constexpr const char* kFooter = R"(Examples:
  xpoll-run redis-server --port 7000
  xpoll-run --stats nginx -g 'daemon off;'
  xpoll-run --stats-json memcached.json memcached -t 4
  xpoll-run --fallback ./server        on native epoll where there is no xpoll
  xpoll-run --wake round-robin nginx   its workers accept connections in turn
  xpoll-run --wake bpf:./mine.bpf.o nginx

Exit status: the program's own, or
  125  the program can't run on xpoll, or xpoll-run itself failed
  126  the program was found but can't be executed
  127  the program was not found)";

/// CLI11's usage line omits the arguments that prefix_command() passes through.
class Formatter final : public CLI::Formatter {
  std::string make_usage(const CLI::App*, std::string) const override {
    return "Usage: xpoll-run [OPTIONS] PROGRAM [ARGS...]\n";
  }
};

void declare(CLI::App& app, Options& options) {
  app.description("Runs PROGRAM with its epoll instances made and served by xpoll.");
  app.footer(kFooter);
  app.formatter(std::make_shared<Formatter>());
  app.set_version_flag("--version", xpoll::version_line("xpoll-run"));
  app.add_flag("--stats", options.print_stats,
               "Print the kernel's counters of the program's instances at the end");
  app.add_option("--stats-json", options.json, "Write these counters to FILE as JSON")
      ->type_name("FILE");
  app.add_flag("--fallback", options.fallback,
               "Run a program that can't run on xpoll on native epoll, instead of refusing it");
  app.add_flag("--io-uring", options.io_uring,
               "Let the program set up io_uring rings, which can't change xpoll instances");
  app.add_option_function<std::string>(
         "--wake", [&](const std::string& name) { options.wake = run::wake_policy(name); },
         "Choose which of several workers is woken: native, round-robin, least-loaded or "
         "bpf:OBJECT")
      ->type_name("POLICY");
  // All arguments from the first non-option on belong to the program.
  app.prefix_command();
}

/// The program and its arguments: what CLI11 did not parse.
std::vector<std::string> command_of(const CLI::App& app) {
  std::vector<std::string> command = app.remaining();
  if (!command.empty() && command.front() == "--")
    command.erase(command.begin());
  else if (!command.empty() && command.front().starts_with('-'))
    throw CLI::ExtrasError({command.front()});
  if (command.empty()) throw CLI::RequiredError("PROGRAM");
  return command;
}

/// If standard error can't be written, the message is lost, but the program still runs.
void warn(const std::string& text) { std::fputs(("xpoll-run: " + text + "\n").c_str(), stderr); }

/// Opens the file before the program runs, while an error can still refuse the run. The program
/// must not inherit it, since that would change its descriptor numbers.
xpoll::unique_fd open_json(const Options& options) {
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
void report(const Options& options, const xpoll::unique_fd& json, const run::Outcome& outcome) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    if (options.print_stats) run::print_report(outcome);
    if (const std::string hint = run::hint_of(outcome); !hint.empty()) warn(hint);
    if (json.valid() && !run::write_json(json, outcome))
      warn(fmt::format("can't write {}: {}", options.json.native(), std::strerror(errno)));
  } catch (const std::exception& error) {
    warn(fmt::format("can't report: {}", error.what()));
  }
}

[[noreturn]] void run_counted(const Options& options, const run::Command& command,
                              const std::optional<run::Device>& device) {
  const xpoll::unique_fd json = open_json(options);
  const run::RingRefusals refusals;
  run::set_ring_refusals(refusals.name());
  const int status = run::supervise(command);
  const run::Outcome outcome{
      .program = command.arguments.front(),
      .status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status),
      .refused_rings = refusals.take(),
      .stats = device ? device->stats() : xpoll_stats{}};
  report(options, json, outcome);
  run::end_likewise(status);
}

/// The device, or nothing if the program will run without it.
std::optional<run::Device> open_device(const Options& options) {
  try {
    return run::Device(options.wake ? XPOLL_FEATURE_WAKE : 0);
  } catch (const run::Failure& failure) {
    if (!options.fallback) throw;
    warn(fmt::format("{}. Falling back to native epoll", failure.what()));
    return std::nullopt;
  }
}

void check_obstacles(const fs::path& program, const Options& options) {
  const std::optional<std::string> obstacle = run::obstacle_of(program);
  if (!obstacle) return;
  if (!options.fallback)
    throw run::Failure(run::Status::refused,
                       *obstacle + ". It can't run on xpoll (--fallback runs it on native epoll)");
  warn(*obstacle + ". It runs on native epoll");
}

/// Only a warning, since many programs use rings for files only.
void warn_of_rings(const fs::path& program) {
  if (const std::optional<std::string> library = run::ring_library_of(program))
    warn(fmt::format(
        "{} needs {}, whose io_uring rings can't be refused. If it changes its epoll "
        "instances through a ring, that fails (--io-uring runs it without this warning)",
        program.native(), *library));
}

/// The policy lasts while one of the program's processes has the device open.
void set_wake_policy(const run::Device& device, const run::WakePolicy& wake) {
  if (wake.policy == XPOLL_WAKE_BPF)
    device.set_wake_policy(wake.policy, xpoll::WakeProgram(wake.program).fd());
  else
    device.set_wake_policy(wake.policy, 0);
  device.pass_on();
}

int run_program(const Options& options) {
  const run::Command command{.file = run::find_program(options.command.front()),
                             .arguments = options.command};
  check_obstacles(command.file, options);
  if (!options.io_uring) warn_of_rings(command.file);
  const std::optional<run::Device> device = open_device(options);
  run::preload(run::preload_library());
  run::set_fallback(options.fallback);
  run::set_io_uring(options.io_uring);
  if (device && options.wake) set_wake_policy(*device, *options.wake);
  if (device && (options.wake || options.count())) run::set_group(device->group());
  if (options.count()) run_counted(options, command, device);
  const int error = run::execute(command);
  throw run::Failure(error == ENOENT ? run::Status::not_found : run::Status::not_executable,
                     fmt::format("{}: {}", command.file.native(), std::strerror(error)));
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int refused = static_cast<int>(run::Status::refused);
  Options options;
  CLI::App app;
  declare(app, options);
  try {
    app.parse(argc, argv);
    options.command = command_of(app);
    return run_program(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : refused;
  } catch (const run::Failure& failure) {
    warn(failure.what());
    return failure.status();
  } catch (const std::exception& error) {
    warn(error.what());
    return refused;
  }
}

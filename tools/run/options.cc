// SPDX-License-Identifier: GPL-2.0-only
#include "options.h"

#include <fmt/format.h>

#include <memory>

#include "tools/util/version.h"

namespace run {
namespace {

constexpr const char* kFooter = R"(Examples:
  xpoll-run redis-server --port 7000
  xpoll-run --stats nginx -g 'daemon off;'
  xpoll-run --stats-json memcached.json memcached -t 4
  xpoll-run --fallback ./server        on native epoll where there is no xpoll
  xpoll-run --preload ./server         by the preload library, even where it is not needed
  xpoll-run --wake round-robin nginx   its workers accept connections in turn
  xpoll-run --wake bpf:./mine.bpf.o nginx
  xpoll-run --close-removes node app.js    no events for closed descriptors

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

}  // namespace

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
  CLI::Option* const calls = app.add_flag(
      "--calls", options.calls, "Use epoll's own system calls only, not the preload library");
  app.add_flag("--preload", options.preload,
               "Use the preload library, not epoll's own system calls")
      ->excludes(calls);
  app.add_flag("--io-uring", options.io_uring,
               "With the preload library, let the program set up io_uring rings, which can't "
               "change xpoll instances there");
  app.add_flag("--close-removes", options.close_removes,
               "End a watch when its descriptor is closed, even if the file has others");
  app.add_option_function<std::string>(
         "--wake", [&](const std::string& name) { options.wake = wake_policy(name); },
         "Choose which of several workers is woken: native, round-robin, least-loaded or "
         "bpf:OBJECT")
      ->type_name("POLICY");
  // All arguments from the first non-option on belong to the program.
  app.prefix_command();
}

std::vector<std::string> command_of(const CLI::App& app) {
  std::vector<std::string> command = app.remaining();
  if (!command.empty() && command.front() == "--")
    command.erase(command.begin());
  else if (!command.empty() && command.front().starts_with('-'))
    throw CLI::ExtrasError({command.front()});
  if (command.empty()) throw CLI::RequiredError("PROGRAM");
  return command;
}

}  // namespace run

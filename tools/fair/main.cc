// SPDX-License-Identifier: GPL-2.0-only
// xpoll-fair: which waiter is woken, and how that spreads the load. `make fair` runs it in a guest.
#include <fmt/format.h>
#include <sys/utsname.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "arrangement.h"
#include "echo.h"
#include "nginx.h"
#include "report.h"
#include "tools/util/checked.h"
#include "tools/util/run_program.h"
#include "tools/util/wake_program.h"

namespace {

namespace fs = std::filesystem;

/// Directory of this program.
fs::path programs() { return fs::read_symlink("/proc/self/exe").parent_path(); }

struct Options {
  fair::EchoPlan echo;
  fair::NginxOptions nginx;
  fs::path program = programs() / "wake" / "least_loaded.bpf.o";
  std::string only;
  fs::path out;

  [[nodiscard]] bool wants(const std::string& name) const {
    return name.find(only) != std::string::npos;
  }
};

void declare(CLI::App& app, Options& options) {
  app.description(
      "Shows how evenly workers share connections: on native epoll, with SO_REUSEPORT, and with "
      "the wake policies of xpoll.");
  app.footer(
      "Columns:\n"
      "  busiest, least, ratio  connections of the busiest worker and of the least busy one\n"
      "  silent                 connections given to the busiest worker after it has stopped its\n"
      "                         heartbeats, though it waits\n"
      "  waited                 requests that got no answer while a worker hung\n\n"
      "Examples:\n"
      "  xpoll-fair\n"
      "  xpoll-fair --workers 4 --connections 1000 --out /tmp/fair\n"
      "  xpoll-fair --nginx \"$(xpoll-vm packages nginx wrk)\"\n");
  app.add_option("--workers", options.echo.workers, "Workers, a thread each")
      ->check(CLI::Range(2, XPOLL_WORKERS_MAX))
      ->capture_default_str();
  app.add_option("--connections", options.echo.connections, "Connections to count by worker")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option(
         "--regulars", options.echo.regulars,
         "Connections that are open when a worker hangs; the client then opens as many new ones")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--only", options.only, "Run only the arrangements whose names contain TEXT");
  app.add_option("--program", options.program,
                 "Object file of the BPF program that chooses the waiter")
      ->check(CLI::ExistingFile)
      ->capture_default_str();
  app.add_option("--nginx", options.nginx.packages,
                 "Run nginx and wrk too, from the packages unpacked in this directory")
      ->type_name("DIRECTORY")
      ->check(CLI::ExistingDirectory);
  app.add_option("--seconds", options.nginx.seconds, "How long each nginx runs")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--clients", options.nginx.clients, "Connections that wrk keeps open to nginx")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--out", options.out, "Directory for fair.json, fair.txt and fair.dat");
}

std::string kernel() {
  utsname name{};
  xpoll::checked(uname(&name), "uname");
  return fmt::format("Linux {} ({})", name.release, name.version);
}

void write(const fs::path& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  if (!file.flush()) throw std::runtime_error("can't write " + path.native());
}

void say(const char* server, const std::string& name) {
  fmt::print(stderr, "xpoll-fair: {}: {}\n", server, name);
}

void add_echo(fair::Report& report, const Options& options) {
  const xpoll::WakeProgram program(options.program);
  fair::EchoPlan plan = options.echo;
  plan.program = program.fd();
  for (const fair::Arrangement& arrangement : fair::arrangements()) {
    if (!options.wants(arrangement.name)) continue;
    say("echo", arrangement.name);
    report.outcomes.push_back(fair::serve_echo(arrangement, plan));
  }
}

void add_nginx(fair::Report& report, const Options& options) {
  for (const fair::NginxPlan& plan : fair::nginx_plans(programs() / "xpoll-run", options.program)) {
    if (!options.wants(plan.name)) continue;
    say("nginx", plan.name);
    report.outcomes.push_back(fair::serve_nginx(plan, options.nginx));
  }
}

void run(const Options& options) {
  fair::Report report{.kernel = kernel(), .outcomes = {}};
  if (!options.nginx.packages.empty()) add_nginx(report, options);
  add_echo(report, options);
  if (report.outcomes.empty())
    throw std::runtime_error("no arrangement's name contains: " + options.only);
  fmt::print("{}", fair::to_text(report));
  if (options.out.empty()) return;
  write(options.out / "fair.txt", fair::to_text(report));
  write(options.out / "fair.json", fair::to_json(report));
  write(options.out / "fair.dat", fair::to_plot(report));
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return xpoll::run_program("xpoll-fair", EXIT_FAILURE, [&] {
    run(options);
    return EXIT_SUCCESS;
  });
}

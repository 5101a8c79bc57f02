// SPDX-License-Identifier: GPL-2.0-only
// xpoll-demo, which `make run` runs: an echo server on xpoll, then on native epoll, in one guest.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "figures.h"
#include "guest.h"
#include "plan.h"
#include "table.h"
#include "tools/util/run_program.h"

namespace {

namespace fs = std::filesystem;

struct Options {
  demo::Plan plan;
  fs::path run_directory = "build/run";
};

void declare(CLI::App& app, Options& options) {
  demo::Plan& plan = options.plan;
  app.description(
      "Boots a guest and runs the echo server in it, on xpoll and then on native epoll, with "
      "connections from inside the guest and from the host. Every byte is checked.");
  app.footer(
      "Writes its figures to RUN/KERNEL.json.\n\nExamples:\n"
      "  xpoll-demo --kernel 6.1-amd64 --module build/6.1-amd64/xpoll.ko\n"
      "  xpoll-demo --kernel 6.12-rt --module build/6.12-rt/xpoll.ko --messages 100 --size 64\n"
      "  xpoll-demo --kernel 6.1-amd64 --module build/6.1-amd64/xpoll.ko -- --smp 4 --parallel");
  app.add_option("--kernel", plan.kernel, "Kernel to boot, as xpoll-vm names it")->required();
  app.add_option("--module", plan.module, "The module built for it")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--runner", plan.runner, "Guest runner (default: xpoll-vm beside this program)");
  app.add_option("--guest-programs", plan.guest_programs,
                 "Directory of the guest's programs (default: that of this program)")
      ->check(CLI::ExistingDirectory);
  app.add_option("runner-options", plan.runner_options, "After --: options for xpoll-vm run");
  app.add_option("--run-dir", options.run_directory, "Where to write reports")
      ->type_name("RUN")
      ->capture_default_str();
  app.add_option("--guest-connections", plan.guest_connections, "Connections from inside the guest")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--host-connections", plan.host_connections, "Connections from the host")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--messages", plan.messages, "Messages on each connection")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--size", plan.size, "Bytes a message")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

/// Remove the reports of an earlier run, so that they are not taken for this run's.
void make_empty(const fs::path& directory) {
  fs::remove_all(directory);
  fs::create_directories(directory);
}

void complete(Options& options) {
  demo::Plan& plan = options.plan;
  plan.programs = fs::read_symlink("/proc/self/exe").parent_path();
  plan.guest_programs =
      plan.guest_programs.empty() ? plan.programs : fs::canonical(plan.guest_programs);
  if (plan.runner.empty()) plan.runner = plan.programs / "xpoll-vm";
  plan.out = fs::absolute(options.run_directory) / plan.kernel;
  make_empty(plan.out);
}

void write_report(const fs::path& path, const nlohmann::ordered_json& report) {
  std::ofstream file(path);
  file << report.dump(2) << '\n';
  if (!file.flush()) throw std::runtime_error("can't write " + path.native());
}

int demonstrate(Options& options) {
  complete(options);
  const demo::Plan& plan = options.plan;
  if (const int status = demo::run_guest(plan); status != 0) return status;

  const fs::path report = options.run_directory / (plan.kernel + ".json");
  const nlohmann::ordered_json figures{{"kernel", plan.kernel},
                                       {"xpoll", demo::read_figures(plan, "xpoll")},
                                       {"native", demo::read_figures(plan, "native")}};
  write_report(report, figures);

  fmt::print("\nAn echo server in a guest with Linux {}, each connection over TCP:\n\n",
             plan.kernel);
  demo::print_table(figures.at("xpoll"), figures.at("native"));
  fmt::print(
      "\nAll figures: {}\n"
      "Next: `make check` runs the selftests, `make shell` opens a shell in such a guest,\n"
      "README.md says the rest; the server is userlib/examples/echo_server.cc.\n",
      report.native());
  return EXIT_SUCCESS;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app;
  declare(app, options);
  CLI11_PARSE(app, argc, argv);
  return xpoll::run_program("xpoll-demo", EXIT_FAILURE, [&] { return demonstrate(options); });
}

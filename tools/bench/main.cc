// SPDX-License-Identifier: GPL-2.0-only
#include <benchmark/benchmark.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <regex>
#include <string>
#include <thread>
#include <vector>

#include "profile/mark.h"
#include "subject/registry.h"
#include "tools/util/run_program.h"
#include "util/limits.h"
#include "util/reporter.h"
#include "util/settings.h"

namespace {

using namespace bench;

constexpr const char* kExamples = R"help(Examples:
  xpoll-bench --filter '^wait_level' --out bench.json
  xpoll-bench --list
  xpoll-vm run --icount --module build/6.1-amd64/xpoll.ko -- build/host/xpoll-bench --icount
Without /dev/xpoll only the benchmarks that need no xpoll run.
)help";

constexpr int kRoundsCounting = 12;
constexpr int kRoundsTiming = 1000;

struct Options {
  bool icount = false;
  bool list = false;
  bool only_unwatched = false;
  bool calls = false;
  int settle = 0;
  std::string filter;
  std::string out;
};

/// The order matters. Subjects that start threads come last: once a process has had a second
/// thread, a wait takes 47 instructions more on native epoll and 67 more on xpoll, partly because
/// of the C library's cancellation points. One subject also leaves its descriptors to the next,
/// because a hundred thousand TCP connections take long to make.
void register_subjects(const Settings& settings, bool only_unwatched) {
  if (settings.calls) {
    register_create(settings);
    register_ctl(settings);
    register_wait(settings);
    register_enter(settings);
    return;
  }
  register_unwatched(settings);
  if (only_unwatched) return;
  register_create(settings);
  register_callback(settings);
  register_ctl(settings);
  register_echo(settings);
  register_wait(settings);
  register_enter(settings);
  register_ring(settings);
  register_memory(settings);
  register_policy(settings);
  register_wakeup(settings);
  register_watch(settings);
  register_extended(settings);
  register_threads(settings);
  register_accept(settings);
}

void add_context(const Settings& settings) {
  utsname name{};
  uname(&name);
  benchmark::AddCustomContext("kernel_release", name.release);
  benchmark::AddCustomContext("kernel_version", name.version);
  benchmark::AddCustomContext("unit", settings.counts_instructions() ? "instructions" : "ns");
  benchmark::AddCustomContext("xpoll", settings.xpoll ? "loaded" : "not loaded");
}

/// The command line from which Google Benchmark takes its options. It must outlive the run.
std::vector<std::string> library_options(const Options& options) {
  std::vector<std::string> arguments{"xpoll-bench"};
  if (!options.out.empty()) arguments.push_back("--benchmark_out=" + options.out);
  return arguments;
}

/// Returns the number of benchmarks that ran.
std::size_t run_benchmarks(const Options& options) {
  std::vector<std::string> arguments = library_options(options);
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  int argc = static_cast<int>(argv.size());
  benchmark::Initialize(&argc, argv.data());
  LineReporter lines;
  if (options.out.empty()) return benchmark::RunSpecifiedBenchmarks(&lines, "all");
  PlainNameReporter json;
  return benchmark::RunSpecifiedBenchmarks(&lines, &json, "all");
}

Settings settings_of(const Options& options) {
  Settings settings;
  settings.clock = options.icount ? Clock::kInstructions : Clock::kTime;
  settings.xpoll = access("/dev/xpoll", F_OK) == 0;
  settings.calls = options.calls;
  settings.rounds = options.icount ? kRoundsCounting : kRoundsTiming;
  settings.descriptors = raise_descriptor_limit();
  settings.only_list = options.list;
  settings.filter = std::regex{options.filter};
  return settings;
}

int run(const Options& options) {
  const Settings settings = settings_of(options);
  register_subjects(settings, options.only_unwatched);
  if (options.list) return 0;
  const WatchLimits limits(settings.xpoll);
  // A freshly booted kernel still does deferred work.
  std::this_thread::sleep_for(std::chrono::seconds{options.settle});
  add_context(settings);
  const std::size_t run = run_benchmarks(options);
  put_mark<Mark::kDone>();
  if (run > 0) return 0;
  // The library creates the file even if no benchmark matches.
  if (!options.out.empty()) std::filesystem::remove(options.out);
  return options.only_unwatched || options.calls ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Measures the same work on xpoll, native epoll, select, poll and io_uring."};
  app.footer(kExamples);
  app.add_flag("--icount", options.icount,
               "CLOCK_MONOTONIC counts instructions (xpoll-vm run --icount): report instructions");
  app.add_option("--filter", options.filter,
                 "Run only benchmarks whose name matches this regular expression");
  app.add_flag("--list", options.list, "List the benchmarks");
  app.add_flag(
      "--only-unwatched", options.only_unwatched,
      "Run only operations on descriptors that no instance watches: the cost of a loaded module");
  app.add_flag("--calls", options.calls,
               "Run only epoll's own system calls, with the module's hooks on them");
  app.add_option("--settle", options.settle, "Seconds to wait before the first measurement");
  app.add_option("--out", options.out, "Write Google Benchmark's JSON to this file");
  CLI11_PARSE(app, argc, argv);
  return xpoll::run_program("xpoll-bench", 1, [&] { return run(options); });
}

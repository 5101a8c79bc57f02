// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/options.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>

#include "probes/top/instance_list.h"
#include "tools/util/version.h"

namespace top {
namespace {

constexpr const char* kHelp =
    "Show who uses epoll and xpoll, and what each instance does. Rates are per second; SPURIOUS, "
    "OVERFLOWS and SCAN are for the interval.";

constexpr const char* kFooter = R"help(Columns:
  WATCHES      descriptors that are watched now
  CALLBACKS    wake-ups of watched files that reached the instance
  WAKES        wake-ups of waiters
  EVENTS       events delivered
  SPURIOUS     wakes whose waiter found nothing before it slept again or returned
  OVERFLOWS    items that became ready during a scan and went to the overflow list
  SCAN us      microseconds in scans of the ready list
With --workers, for each thread that waits on an instance:
  GROUP        workers with the same number could take each other's events; a line for each group
  SHARE %      share of its group's events
  AWAY %       share of the interval outside its waits: the time to handle events, or a hang
  LONGEST ms   the longest time outside a wait that ended in the interval or continues
With --histograms, for each instance:
  wake latency microseconds from the callback, whether it woke a waiter or not, to the return of the
               wait that delivers the event
  service time microseconds from that return to the thread's next wait
  -            not known: see the lines at the beginning, and xpoll-top(1)
With --instances, for each instance of xpoll, since it was created:
  COMMAND, PID the thread and the process that created it, which may have ended
  STATE        ready: it may have an event; waiting: a thread waits
  SLOTS        size of its ready ring
  WATCHERS     watches of other instances that watch this one

Examples:
  xpoll-top                                all instances, each second, busiest first
  xpoll-top --sort spurious --interval 5   whose threads are woken for nothing?
  xpoll-top --command nginx --count 10     ten times, and the sum
  xpoll-top --xpoll --pid 4711
  xpoll-top --workers --command nginx      does each worker get its share, does one hang?
  xpoll-top --histograms --pid 4711 --count 1 --interval 10
  xpoll-top --instances --sort watches     who created instances, and has the most watches? no eBPF
  xpoll-top --json --count 1 --interval 60 | jq '.instances[] | {command, kind, events}'

On a terminal: q ends, s sorts by the next column, f filters by command, w changes between
instances and workers.
It takes root, or CAP_BPF and CAP_PERFMON; --instances takes root. While it runs, xpoll can't be unloaded.
)help";

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  bool native = false;
  bool xpoll = false;
  CLI::App app(kHelp);
  app.footer(kFooter);
  app.set_version_flag("--version", xpoll::version_line("xpoll-top"));
  app.add_option("--sort", options.selection.sort, "Column to sort by")
      ->check(CLI::IsMember(sort_keys()))
      ->capture_default_str();
  app.add_option("--pid", options.selection.pids,
                 "Only instances that these processes hold; repeatable");
  app.add_option("--command", options.selection.command,
                 "Only instances held by processes whose name contains this");
  CLI::Option* only_native = app.add_flag("--native", native, "Only native epoll");
  app.add_flag("--xpoll", xpoll, "Only xpoll")->excludes(only_native);
  CLI::Option* interval = app.add_option("--interval", options.interval, "Seconds")
                              ->check(CLI::Range(0.01, 86400.0))
                              ->capture_default_str();
  CLI::Option* count =
      app.add_option("--count", options.count, "Stop after so many intervals; 0: on Ctrl-C")
          ->capture_default_str();
  app.add_flag("--json", options.json,
               "Print a line of JSON for each interval, and one for the sum");
  CLI::Option* workers = app.add_flag(
      "--workers", options.workers,
      "Show the threads that wait on instances: the share of the events that each of them "
      "gets, and how long it is outside its waits");
  CLI::Option* histograms =
      app.add_flag("--histograms", options.histograms,
                   "Add histograms of wake latency and service time to each interval; no screen");
  app.add_flag("--instances", options.instances,
               "Print the kernel's list of the instances of xpoll once, without eBPF programs")
      ->excludes(only_native)
      ->excludes(interval)
      ->excludes(count)
      ->excludes(workers)
      ->excludes(histograms);
  app.callback([&options] {
    if (options.instances && std::ranges::count(list_sort_keys(), options.selection.sort) == 0)
      throw CLI::ValidationError("--sort",
                                 options.selection.sort + " is not known with --instances");
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  options.wanted[TOP_NATIVE] = !xpoll;
  options.wanted[TOP_XPOLL] = !native;
  return options;
}

}  // namespace top

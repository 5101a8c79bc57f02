// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/options.h"

#include <CLI/CLI.hpp>
#include <bit>
#include <limits>
#include <string>

#include "tools/util/version.h"

namespace probes::path {
namespace {

constexpr const char* kFooter =
    R"help(Followed are messages that come over TCP (IPv4), on established connections, to tasks in epoll_wait(2)
and its kin or in XPOLL_IOC_WAIT: netif_receive_skb, tcp_v4_rcv, tcp_rcv_established,
sock_def_readable, the callback, waking the task, the task runs, tcp_poll, the return. Needs root or
CAP_BPF and CAP_PERFMON. Tracing costs time: no figures for what the traced programs can do.
With more than 16384 packets, sockets or events in progress, the oldest are dropped uncounted.

Examples:
  xpoll-path                             each event as it comes, until Ctrl-C; then the summary
  xpoll-path --port 7000 --count 1000    a table and histograms of 1,000 events of that port
  xpoll-path --pid "$(pgrep -o nginx)" --duration 10
  xpoll-path --native --fd 8 --timelines 3 --count 1000
  xpoll-path --interval 5 --json | jq .implementations.xpoll.total
  xpoll-path --port 80 --duration 10 --json |
      jq -r '.implementations[]?.workers[] | [.tid, .events, .total.p99_ns] | @tsv')help";

/// CLI11 treats an empty result as valid.
std::string is_buffer_size(const std::string& word) {
  constexpr std::uint32_t kPage = 4;
  std::uint32_t kib = 0;
  const bool number = CLI::detail::lexical_cast(word, kib);
  return number && kib >= kPage && std::has_single_bit(kib)
             ? ""
             : "not a power of two of at least 4: " + word;
}

}  // namespace

std::uint64_t Options::timelines_shown() const {
  if (timelines) return *timelines;
  return ends() || interval_seconds > 0 ? 1 : std::numeric_limits<std::uint64_t>::max();
}

void declare(CLI::App& app, Options& options) {
  app.description(
      "Follows events from the packet to the task that waits for it, on native epoll and on xpoll, "
      "stage by stage.");
  app.footer(kFooter);
  app.set_version_flag("--version", xpoll::version_line("xpoll-path"));
  app.add_flag("--native", options.native,
               "Trace native epoll; only that unless --xpoll is given too");
  app.add_flag("--xpoll", options.xpoll, "Trace xpoll; only that unless --native is given too");
  app.add_option("--pid", options.tracer.pid, "Only events delivered to this process")
      ->check(CLI::PositiveNumber);
  app.add_option("--port", options.tracer.port, "Only connections with this port at either end")
      ->check(CLI::PositiveNumber);
  app.add_option("--fd", options.tracer.fd, "Only watches of this descriptor number")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--count", options.count, "Stop after so many events")->check(CLI::PositiveNumber);
  app.add_option("--duration", options.duration_seconds, "Stop after so many seconds")
      ->check(CLI::PositiveNumber);
  app.add_option("--interval", options.interval_seconds,
                 "Print a summary every so many seconds for that interval, and one of everything "
                 "at the end")
      ->check(CLI::PositiveNumber);
  app.add_option("--timelines", options.timelines,
                 "Show so many events of each implementation; by default all, or one with a "
                 "--count, --duration or --interval");
  app.add_option("--buffer", options.tracer.buffer_kib,
                 "Size of the ring buffer in KiB, a power of two")
      ->check(CLI::Validator(is_buffer_size, "POWER OF TWO"))
      ->capture_default_str();
  app.add_flag("--json", options.json, "Write JSON objects, one per line");
  app.add_flag("--kprobes", options.tracer.kprobes,
               "Use kprobes even where cheaper probes are available");
}

}  // namespace probes::path

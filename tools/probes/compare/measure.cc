// SPDX-License-Identifier: GPL-2.0-only
#include "measure.h"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>

#include "counter.h"
#include "descendants.h"
#include "probes/path/summary_text.h"
#include "probes/path/tracer.h"
#include "probes/util/machine.h"
#include "probes/util/readable.h"
#include "probes/util/report_date.h"
#include "tools/util/checked.h"

namespace probes::compare {
namespace {

using namespace std::chrono_literals;
using path::Event;
using path::Kind;
using path::Tracer;
using std::chrono::steady_clock;

/// How often to check whether the command serves. The check reads a flag in the probes' memory.
constexpr auto kLook = 10ms;
/// Time for a server to start, and to shut down.
constexpr auto kPatience = 10s;

/// Ctrl-C ends the command, and the counts up to then are still reported.
class InterruptsIgnored final {
 public:
  InterruptsIgnored() : before_(std::signal(SIGINT, SIG_IGN)) {}
  InterruptsIgnored(const InterruptsIgnored&) = delete;
  InterruptsIgnored& operator=(const InterruptsIgnored&) = delete;
  ~InterruptsIgnored() { std::signal(SIGINT, before_); }

 private:
  void (*before_)(int);
};

void say_progress(const std::string& line) {
  if (isatty(STDERR_FILENO) == 1) fmt::print(stderr, "xpoll-compare: {}\n", line);
}

Command::Output output_of(const Plan& plan) {
  return plan.bundled ? Command::Output::kept : Command::Output::to_stderr;
}

/// The JSON line that a bundled program prints at its end; null if it printed none.
nlohmann::ordered_json said_by(const Command& command) {
  auto said = nlohmann::ordered_json::parse(command.output(), nullptr, false);
  return said.is_discarded() ? nlohmann::ordered_json() : said;
}

path::TracerOptions looking_at(Kind kind) {
  path::TracerOptions options;
  options.native = kind == Kind::native;
  options.xpoll = kind == Kind::xpoll;
  return options;
}

/// One run under the probes.
class Measurement final {
 public:
  Measurement(const Plan& plan, const Side& side, Kind kind)
      : plan_(plan),
        side_(side),
        command_(side.command, output_of(plan)),
        counter_(command_.pid(), side.launcher_execs),
        tracer_(looking_at(kind), [this](const Event& event) {
          if (counter_.counts_process(event.tgid)) run_.path.add(event);
        }) {}

  Run run() {
    command_.release();
    if (!side_.load.empty()) put_load_on();
    wait_for(command_);
    run_.status = command_.wait();
    run_.figures = counter_.figures();
    left_behind_ = end_descendants();
    tracer_.stop();
    if (plan_.bundled) run_.said["server"] = said_by(command_);
    add_probes();
    add_notes();
    return std::move(run_);
  }

 private:
  void put_load_on();
  bool wait_until_serving();
  void wait_for(const Command& command);
  void add_probes();
  void add_notes();

  const Plan& plan_;
  const Side& side_;
  Run run_;
  std::uint64_t left_behind_ = 0;
  const InterruptsIgnored interrupts_;
  Command command_;
  const Counter counter_;
  Tracer tracer_;
};

/// Drains the ring buffer while it waits.
void Measurement::wait_for(const Command& command) {
  bool ended = false;
  while (!ended) {
    const auto [command_ended, records] = readable_of(command.fd(), tracer_.fd());
    if (records) tracer_.drain();
    ended = command_ended;
  }
}

/// False if the command ended without ever serving. After a while it prints what it waits for,
/// since a command that uses no epoll never serves.
bool Measurement::wait_until_serving() {
  const auto start = steady_clock::now();
  bool told = false;
  while (!counter_.serving()) {
    if (command_.ended_within(kLook)) return false;
    if (!told && steady_clock::now() - start > kPatience) {
      fmt::print(stderr, "xpoll-compare: waiting for the command to listen and wait for events\n");
      told = true;
    }
  }
  return true;
}

void Measurement::put_load_on() {
  if (!wait_until_serving()) {
    run_.notes.emplace_back("the command ended before it listened and waited: there was no load");
    return;
  }
  Command load(side_.load, output_of(plan_));
  load.release();
  wait_for(load);
  run_.load_status = load.wait();
  if (plan_.bundled) run_.said["client"] = said_by(load);
  const bool ends_by_itself = plan_.bundled && run_.load_status == 0;
  if (!ends_by_itself && !command_.terminate(kPatience))
    run_.notes.push_back(fmt::format(
        "the command did not end within {} s of SIGTERM and was killed", kPatience.count()));
}

void Measurement::add_probes() {
  run_.probes = {counter_.probes(), probes::describe(tracer_.probes())};
}

void Measurement::add_notes() {
  const auto note = [this](std::uint64_t count, const char* what) {
    if (count > 0) run_.notes.push_back(fmt::format("{} {}", count, what));
  };
  if (run_.status != 0)
    run_.notes.push_back(fmt::format("the command ended with status {}", run_.status));
  if (run_.load_status != 0)
    run_.notes.push_back(fmt::format("the load ended with status {}", run_.load_status));
  if (run_.figures.tasks == 0)
    run_.notes.emplace_back("the command's start was not seen: nothing was counted");
  note(left_behind_, "processes that the command or the load had left behind were killed");
  note(run_.figures.lost_tasks, "processes or threads were not counted: too many at once");
  note(run_.figures.lost_instances, "instances' callbacks were not counted: too many at once");
  const auto missed = counter_.missed();
  note(missed.value_or(0), "probe hits were skipped by the kernel: figures are too small");
  if (!missed) run_.notes.emplace_back("the number of hits that kprobes missed is not known");
  if (const std::string losses = to_text(tracer_.losses()); !losses.empty())
    run_.notes.push_back(losses);
}

Run measure_side(const Plan& plan, const Side& side, Kind kind) {
  say_progress(fmt::format("on {}: {}", side.name, plan.what));
  return Measurement(plan, side, kind).run();
}

/// Instances of the other kind are in the counts, but not in the stages.
void note_others(Run& run, std::uint64_t instances, const char* name) {
  if (instances > 0)
    run.notes.push_back(
        fmt::format("{} of the instances were {}'s: their waits and events are in these counts, "
                    "their events not in the stages",
                    instances, name));
}

std::string kernel_release() {
  utsname name{};
  xpoll::checked(uname(&name), "uname");
  return name.release;
}

}  // namespace

Comparison measure(const Plan& plan) {
  adopt_descendants();
  Comparison comparison{.what = plan.what,
                        .kernel = kernel_release(),
                        .machine = machine(),
                        .date = report_date(),
                        .remark = "",
                        .native = {},
                        .xpoll = {}};
  comparison.native = measure_side(plan, plan.native, Kind::native);
  comparison.xpoll = measure_side(plan, plan.xpoll, Kind::xpoll);
  note_others(comparison.native, comparison.native.figures.xpoll_instances, "xpoll");
  note_others(comparison.xpoll, comparison.xpoll.figures.native_instances, "native epoll");
  if (comparison.xpoll.figures.xpoll_instances == 0)
    comparison.xpoll.notes.emplace_back("the command did NOT use xpoll: it made no instance");
  return comparison;
}

}  // namespace probes::compare

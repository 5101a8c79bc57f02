// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/follow.h"

#include <fmt/format.h>

#include <chrono>
#include <vector>

#include "probes/path/output.h"
#include "probes/path/summary.h"
#include "probes/path/tracer.h"
#include "probes/util/preconditions.h"
#include "probes/util/readable.h"
#include "probes/util/termination.h"
#include "probes/util/timer.h"

namespace probes::path {
namespace {

using std::chrono::nanoseconds;
using std::chrono::steady_clock;

/// Interval between reads of the ring buffer, so that a few events are shown soon.
constexpr std::chrono::milliseconds kLook{200};

nanoseconds nanoseconds_of(double seconds) {
  return std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(seconds));
}

double seconds_since(steady_clock::time_point begin) {
  return std::chrono::duration<double>(steady_clock::now() - begin).count();
}

/// The implementations to trace, from the options and from what is loaded.
std::vector<Kind> kinds_of(const Options& options) {
  if (options.native && options.xpoll) return {Kind::native, Kind::xpoll};
  if (options.native) return {Kind::native};
  if (options.xpoll) return {Kind::xpoll};
  if (xpoll_loaded()) return {Kind::native, Kind::xpoll};
  fmt::print(stderr, "xpoll-path: xpoll is not loaded, so this is native epoll alone\n");
  return {Kind::native};
}

TracerOptions tracer_options(const Options& options, const std::vector<Kind>& kinds) {
  TracerOptions chosen = options.tracer;
  chosen.native = chosen.xpoll = false;
  for (const Kind kind : kinds) (kind == Kind::native ? chosen.native : chosen.xpoll) = true;
  chosen.prompt = !options.ends() && options.interval_seconds == 0;
  return chosen;
}

class Follower {
 public:
  Follower(const Options& options, const std::vector<Kind>& kinds)
      : options_(options),
        output_(options, kinds),
        interval_(nanoseconds_of(options.interval_seconds), Timer::Kind::periodic),
        end_(nanoseconds_of(options.duration_seconds), Timer::Kind::once),
        tracer_(tracer_options(options, kinds), [this](const Event& event) { take(event); }) {}

  void run() {
    output_.started(tracer_);
    while (!enough()) {
      const auto [events, look, interval, ended, stopped] =
          readable_of(tracer_.fd(), look_.fd(), interval_.fd(), end_.fd(), termination_.fd());
      if (look) look_.acknowledge();
      if (events || look) tracer_.drain();
      if (interval) tell_interval();
      if (ended || stopped) break;
      output_.progress(all_.events());
    }
    tracer_.stop();
    output_.end_progress();
    output_.summary(all_, tracer_, seconds_since(begin_));
  }

 private:
  [[nodiscard]] bool enough() const { return options_.count && all_.events() >= *options_.count; }

  void take(const Event& event) {
    if (enough()) return;
    all_.add(event);
    since_interval_.add(event);
    output_.event(event);
  }

  void tell_interval() {
    interval_.acknowledge();
    tracer_.drain();
    output_.summary(since_interval_, tracer_, seconds_since(interval_begin_));
    since_interval_ = {};
    interval_begin_ = steady_clock::now();
  }

  const Options& options_;
  Output output_;
  Termination termination_;
  Timer look_{kLook, Timer::Kind::periodic};
  Timer interval_;
  Timer end_;
  Summary all_;
  Summary since_interval_;
  steady_clock::time_point begin_ = steady_clock::now();
  steady_clock::time_point interval_begin_ = begin_;
  Tracer tracer_;
};

}  // namespace

void follow(const Options& options) {
  require_bpf();
  Follower(options, kinds_of(options)).run();
}

}  // namespace probes::path

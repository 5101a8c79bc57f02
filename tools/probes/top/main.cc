// SPDX-License-Identifier: GPL-2.0-only
#include <chrono>
#include <memory>
#include <utility>

#include "probes/top/display.h"
#include "probes/top/ledger.h"
#include "probes/top/options.h"
#include "probes/top/probes.h"
#include "probes/util/preconditions.h"
#include "probes/util/readable.h"
#include "probes/util/run_tool.h"
#include "probes/util/termination.h"
#include "probes/util/timer.h"

namespace {

using namespace top;
using Clock = std::chrono::steady_clock;

/// From observation to observation.
class Watch {
 public:
  Watch(const Probes& probes, const Selection& selection)
      : probes_(probes),
        selection_(selection),
        ledger_(probes.known(), [&probes](const top_instance& instance) {
          return probes.watches_before(instance);
        }) {
    total_.add(observe());
  }

  Interval next() {
    Interval interval = observe();
    const Clock::time_point now = Clock::now();
    interval.seconds = std::chrono::duration<double>(now - std::exchange(last_, now)).count();
    total_.add(interval);
    return interval;
  }

  const Total& total() const { return total_; }

 private:
  Interval observe() {
    return {.seconds = 0,
            .rows = select(ledger_.rows(probes_.observe()), selection_),
            .lost = probes_.lost()};
  }

  const Probes& probes_;
  const Selection& selection_;
  Ledger ledger_;
  Total total_;
  Clock::time_point last_ = Clock::now();
};

void run(const Options& options) {
  const probes::Termination termination;
  const std::unique_ptr<Display> display = make_display(options);
  probes::require_bpf();
  const Probes probes(options.wanted);
  Watch watch(probes, options.selection);
  const probes::Timer timer(std::chrono::duration_cast<std::chrono::nanoseconds>(
                                std::chrono::duration<double>(options.interval)),
                            probes::Timer::Kind::periodic);
  display->begin(probes.watched(), probes.notes());
  const auto [first, second] = display->descriptors();
  bool told_to_end = false;
  for (std::uint64_t shown = 0; !told_to_end && (options.count == 0 || shown < options.count);) {
    const auto [ended, due, one, other] =
        probes::readable_of(termination.fd(), timer.fd(), first, second);
    told_to_end = ended || ((one || other) && !display->attend());
    if (due) timer.acknowledge();
    if (!due && !told_to_end) continue;
    display->show(watch.next());
    ++shown;
  }
  display->end(watch.total());
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = parse_options(argc, argv);
  return probes::run_tool("xpoll-top", [&] { run(options); });
}

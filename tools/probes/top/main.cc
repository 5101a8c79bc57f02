// SPDX-License-Identifier: GPL-2.0-only
#include <chrono>
#include <memory>
#include <utility>

#include "probes/top/display.h"
#include "probes/top/exclusive_files.h"
#include "probes/top/histogram_ledger.h"
#include "probes/top/instance_list.h"
#include "probes/top/ledger.h"
#include "probes/top/options.h"
#include "probes/top/probes.h"
#include "probes/top/watches.h"
#include "probes/top/worker_ledger.h"
#include "probes/util/preconditions.h"
#include "probes/util/readable.h"
#include "probes/util/run_tool.h"
#include "probes/util/termination.h"
#include "probes/util/timer.h"

namespace {

using namespace top;

/// The loop of observations.
class Watch {
 public:
  Watch(const Probes& probes, const Selection& selection)
      : probes_(probes),
        selection_(selection),
        ledger_(probes.known(), [&probes](const top_instance& instance) {
          return probes.watches_before(instance);
        }) {
    Interval before = observe();
    before.seconds = 0;
    total_.add(before);
  }

  Interval next() {
    Interval interval = observe();
    total_.add(interval);
    return interval;
  }

  const Total& total() const { return total_; }

 private:
  Interval observe() {
    const Observation observation = probes_.observe();
    const std::uint64_t ns = observation.ns - std::exchange(last_ns_, observation.ns);
    std::vector<Row> rows = ledger_.rows(observation);
    histogram_ledger_.fill(rows, observation);
    std::vector<Worker> workers = worker_ledger_.workers(observation);
    files_.fill(workers, rows);
    return {.seconds = std::chrono::duration<double>(std::chrono::nanoseconds(ns)).count(),
            .rows = select(std::move(rows), selection_),
            .workers = std::move(workers),
            .lost = probes_.lost()};
  }

  const Probes& probes_;
  const Selection& selection_;
  Ledger ledger_;
  HistogramLedger histogram_ledger_;
  WorkerLedger worker_ledger_;
  ExclusiveFiles files_{exclusively_watched};
  Total total_;
  std::uint64_t last_ns_ = 0;
};

void run(const Options& options) {
  const probes::Termination termination;
  const std::unique_ptr<Display> display = make_display(options);
  probes::require_bpf();
  const Probes probes(options.wanted, options.histograms);
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
  return probes::run_tool("xpoll-top",
                          [&] { options.instances ? show_instances(options) : run(options); });
}

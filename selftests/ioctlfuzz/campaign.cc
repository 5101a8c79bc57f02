// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/campaign.h"

#include <algorithm>
#include <atomic>
#include <list>

#include "ioctlfuzz/corpus.h"
#include "ioctlfuzz/coverage.h"
#include "ioctlfuzz/ticker.h"
#include "ioctlfuzz/worker.h"
#include "util/raw.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::ioctlfuzz {
namespace {

// The steps of one thread: new ones, and sometimes earlier ones that reached new code.
class Sequence {
 public:
  Sequence(const Options& options, unsigned thread, Corpus& corpus)
      : random_(options.seed, thread), corpus_(corpus) {}

  std::uint64_t next() {
    if (replayed_ == replay_.size()) start_replay();
    const std::uint64_t step = replayed_ < replay_.size() ? replay_[replayed_++] : random_.bits();
    std::rotate(latest_.begin(), latest_.begin() + 1, latest_.end());
    latest_.back() = step;
    return step;
  }

  const Window& latest() const { return latest_; }

 private:
  void start_replay() {
    constexpr unsigned kPercent = 8;
    if (!random_.chance(kPercent)) return;
    if (const std::optional<Window> window = corpus_.pick(random_)) {
      replay_ = *window;
      // Replacing one step of such a sequence leads near the code that it reached.
      random_.pick(std::array{&replay_[0], &replay_[1], &replay_[2], &replay_[3]})[0] =
          random_.bits();
      replayed_ = 0;
    }
  }

  Random random_;
  Corpus& corpus_;
  Window latest_{};
  Window replay_{};
  std::size_t replayed_ = replay_.size();
};

}  // namespace

std::optional<Coverage> run(const Options& options, Tally& tally) {
  // Prevents the module from being unloaded.
  const xpoll::unique_fd device = xpoll::test::open_device();
  const Slots slots;
  const Programs programs;
  Reached reached;
  Corpus corpus;
  std::vector<Arguments> arguments(options.threads);
  std::atomic<bool> stop{false};
  xpoll::test::Thread meddler([&] {
    Random random(options.seed, options.threads);
    while (!stop) arguments[random.below(options.threads)].meddle(random);
  });
  const xpoll::test::SetAtExit stop_at_exit(stop);
  std::list<xpoll::test::Thread> threads;
  for (unsigned i = 0; i < options.threads; ++i) {
    threads.emplace_back([&, i] {
      const Ticker ticker;
      Trace trace(reached);
      Sequence sequence(options, i, corpus);
      Worker worker(arguments[i], slots, programs, tally);
      for (std::uint64_t step = 0; step < options.steps / options.threads; ++step) {
        trace.start();
        worker.step(sequence.next());
        if (trace.found_new()) corpus.add(sequence.latest());
      }
    });
  }
  for (xpoll::test::Thread& thread : threads) thread.join();
  stop = true;
  meddler.join();
  if (!can_trace()) return std::nullopt;
  return Coverage{reached.count(), corpus.size()};
}

}  // namespace xpoll::ioctlfuzz

// SPDX-License-Identifier: GPL-2.0-only
// A fatal signal ends an ADD of an instance in the middle of its walks. The delay is counted in
// instructions, so the signal always arrives at the same point.
#include <chrono>
#include <thread>

#include "instructions.h"
#include "nest_graph.h"
#include "tools/util/eventfd.h"
#include "urgent.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"

namespace xpoll::test {
namespace {

class NestWalkKillTest : public XpollOnly {
 protected:
  // Kills a process that has executed this percentage of the ADD.
  static void kill_at(NestGraph& graph, int percent) {
    const std::int64_t whole = graph.cost_of_add();
    const Urgent urgent;
    const unique_fd started = checked_fd(eventfd(0, EFD_CLOEXEC), "eventfd");
    Process adder([&] {
      post(started);
      return graph.add();
    });
    take(started);
    const std::int64_t slept = instructions_of(
        [&] { std::this_thread::sleep_for(std::chrono::nanoseconds(whole * percent / 100)); });
    adder.kill_and_reap();
    EXPECT_THAT(graph.remove(), SyscallFailsWithErrno(ENOENT))
        << "the ADD went on to its end, " << whole << " instructions, in spite of a signal after "
        << slept;
  }

 private:
  const DescriptorLimit room_{200'000};
};

TEST_F(NestWalkKillTest, AWalkDown) {
  NestGraph graph(backend_);
  for (int i = 0; i < 50'000; ++i) graph.watch(graph.inner(), graph.file());
  for (const int percent : {10, 80}) kill_at(graph, percent);
}

TEST_F(NestWalkKillTest, AWalkUp) {
  NestGraph graph(backend_);
  const int top = graph.instance();
  for (int i = 0; i < 50'000; ++i) {
    const int between = graph.instance();
    graph.watch(between, graph.outer());
    graph.watch(top, between);
  }
  kill_at(graph, 50);
}

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// What an ADD of an instance to an instance costs: at most twice what it costs with native epoll,
// whatever the graph. All nested ADDs of a machine wait for one another, so that a dear one is
// everybody's.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <vector>

#include "nest_graph.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"

namespace xpoll_test {
namespace {

using Shape = void (*)(NestGraph&);

class NestCostTest : public testing::Test {
 protected:
  void SetUp() override { requireXpoll(); }

  // The first ADD, and the cheapest of those that follow: a timer's interrupt or a first touch of
  // memory is nobody's fault.
  struct Cost {
    std::int64_t first;
    std::int64_t again;
  };

  static Cost costOf(Backend backend, Shape shape) {
    NestGraph graph(backend);
    shape(graph);
    Cost cost{graph.costOfAdd(), graph.costOfAdd()};
    for (int round = 0; round < 3; ++round) cost.again = std::min(cost.again, graph.costOfAdd());
    return cost;
  }

  static void expectNoDearerThanTwice(Shape shape) {
    const Cost native = costOf(Backend::native(), shape);
    const Cost xpoll = costOf(Backend::xpoll(), shape);
    std::cout << fmt::format("# {}: first {} (native {}), again {} (native {})\n",
                             testing::UnitTest::GetInstance()->current_test_info()->name(),
                             xpoll.first, native.first, xpoll.again, native.again);
    EXPECT_LE(xpoll.first, 2 * native.first);
    EXPECT_LE(xpoll.again, 2 * native.again);
  }

 private:
  const DescriptorLimit room_{200'000};
};

// `items` items of `file` in instances that nobody watches.
void watchDirectly(NestGraph& graph, int file, int items) {
  constexpr int kEach = 500;
  for (; items > 0; items -= kEach) graph.watchOften(graph.instance(), file, kEach);
}

TEST_F(NestCostTest, AFileWatchedByManyUnwatchedInstancesAndOftenByTheInner) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    const int file = graph.file();
    watchDirectly(graph, file, 20'000);
    graph.watchOften(graph.inner(), file, 500);
  });
}

TEST_F(NestCostTest, AFileWatchedByManyUnwatchedInstancesAndByManyBelowTheInner) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    const int file = graph.file();
    watchDirectly(graph, file, 20'000);
    for (int i = 0; i < 100; ++i) {
      const int below = graph.instance();
      graph.watch(below, file);
      graph.watch(graph.inner(), below);
    }
  });
}

TEST_F(NestCostTest, ManyFilesWithAsManyWaysUpAsAreAllowed) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    for (int i = 0; i < 1'000; ++i) graph.watch(graph.inner(), graph.file());
    for (int i = 0; i < 499; ++i) graph.watch(graph.instance(), graph.inner());
  });
}

TEST_F(NestCostTest, ManyFilesEachWatchedOnce) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    for (int i = 0; i < 10'000; ++i) graph.watch(graph.inner(), graph.file());
  });
}

TEST_F(NestCostTest, ManyFilesWatchedByAnUnwatchedInstanceToo) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    const int other = graph.instance();
    for (int i = 0; i < 10'000; ++i) {
      const int file = graph.file();
      graph.watch(other, file);
      graph.watch(graph.inner(), file);
    }
  });
}

TEST_F(NestCostTest, ManyFilesWatchedByAWatchedInstanceToo) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    const int other = graph.instance();
    for (int i = 0; i < 5'000; ++i) {
      const int file = graph.file();
      graph.watch(other, file);
      graph.watch(graph.inner(), file);
    }
    graph.watch(graph.instance(), other);
  });
}

TEST_F(NestCostTest, ManyInstancesWithAFileEach) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    for (int i = 0; i < 3'000; ++i) {
      const int below = graph.instance();
      graph.watch(below, graph.file());
      graph.watch(graph.inner(), below);
    }
  });
}

TEST_F(NestCostTest, OneFile) {
  expectNoDearerThanTwice([](NestGraph& graph) { graph.watch(graph.inner(), graph.file()); });
}

TEST_F(NestCostTest, ManyFilesWatchedByManyInstancesBelowTheInner) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    std::vector<int> files(100);
    for (int& file : files) file = graph.file();
    for (int i = 0; i < 100; ++i) {
      const int below = graph.instance();
      for (const int file : files) graph.watch(below, file);
      graph.watch(graph.inner(), below);
    }
  });
}

TEST_F(NestCostTest, AFileWatchedByAsManyWatchedInstancesAsAreAllowed) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    const int file = graph.file();
    for (int i = 0; i < 499; ++i) {
      const int between = graph.instance();
      graph.watch(between, file);
      graph.watch(graph.instance(), between);
    }
    graph.watch(graph.inner(), file);
  });
}

TEST_F(NestCostTest, AFileInManyInstancesThatWereWatchedOnce) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    const int file = graph.file();
    for (int i = 0; i < 5'000; ++i) {
      const int between = graph.instance();
      graph.watch(between, file);
      graph.watch(graph.outer(), between);
      graph.unwatch(graph.outer(), between);
    }
    graph.watch(graph.inner(), file);
  });
}

// No file is below, so that nothing limits the links.
TEST_F(NestCostTest, AnOuterWatchedByManyWatchedInstances) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    for (int i = 0; i < 5'000; ++i) {
      const int above = graph.instance();
      graph.watch(above, graph.outer());
      graph.watch(graph.instance(), above);
    }
  });
}

TEST_F(NestCostTest, AnOuterWatchedByManyUnwatchedInstances) {
  expectNoDearerThanTwice([](NestGraph& graph) {
    for (int i = 0; i < 5'000; ++i) graph.watch(graph.instance(), graph.outer());
  });
}

TEST_F(NestCostTest, AnInnerThatWatchesOneInstanceOften) {
  expectNoDearerThanTwice(
      [](NestGraph& graph) { graph.watchOften(graph.inner(), graph.instance(), 2'000); });
}

// Each of a level watches each of the next: 2 x 30^3 ways between few links.
void buildWideAndDeep(NestGraph& graph, int top, int bottom) {
  std::vector<int> level{top};
  for (int depth = 0; depth < 2; ++depth) {
    std::vector<int> next(60);
    for (int& ep : next) ep = graph.instance();
    for (const int ep : level)
      for (const int below : next) graph.watch(ep, below);
    level = next;
  }
  for (const int ep : level) graph.watch(ep, bottom);
}

TEST_F(NestCostTest, AWideAndDeepGraphBelow) {
  expectNoDearerThanTwice(
      [](NestGraph& graph) { buildWideAndDeep(graph, graph.inner(), graph.instance()); });
}

TEST_F(NestCostTest, AWideAndDeepGraphAbove) {
  expectNoDearerThanTwice(
      [](NestGraph& graph) { buildWideAndDeep(graph, graph.instance(), graph.outer()); });
}

}  // namespace
}  // namespace xpoll_test

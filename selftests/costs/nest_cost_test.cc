// SPDX-License-Identifier: GPL-2.0-only
// The cost of adding an instance to an instance: at most twice native epoll's, on one graph 2.5
// times. All nested ADDs of a machine are serialized, so an expensive one delays everyone.
#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <vector>

#include "nest_graph.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"

namespace xpoll::test {
namespace {

using Shape = void (*)(NestGraph&);

class NestCostTest : public testing::Test {
 protected:
  void SetUp() override { require_xpoll(); }

  // The cost of the first ADD, the cheaper one of two graphs, and of the cheapest later one. The
  // minimum excludes timer interrupts, what the kernel had put off, and first accesses to memory.
  struct Cost {
    std::int64_t first;
    std::int64_t again;
  };

  static Cost cost_in_a_graph(Backend backend, Shape shape) {
    NestGraph graph(backend);
    shape(graph);
    Cost cost{graph.cost_of_add(), graph.cost_of_add()};
    for (int round = 0; round < 3; ++round) cost.again = std::min(cost.again, graph.cost_of_add());
    return cost;
  }

  static Cost cost_of(Backend backend, Shape shape) {
    const Cost one = cost_in_a_graph(backend, shape);
    const Cost other = cost_in_a_graph(backend, shape);
    return {std::min(one.first, other.first), std::min(one.again, other.again)};
  }

  static void expect_no_dearer_than_twice(Shape shape) { expect_no_dearer_than(2, shape); }

  static void expect_no_dearer_than(double factor, Shape shape) {
    const Cost native = cost_of(Backend::native(), shape);
    const Cost xpoll = cost_of(Backend::xpoll(), shape);
    std::cout << fmt::format("# {}: first {} (native {}), again {} (native {})\n",
                             testing::UnitTest::GetInstance()->current_test_info()->name(),
                             xpoll.first, native.first, xpoll.again, native.again);
    EXPECT_LE(static_cast<double>(xpoll.first), factor * static_cast<double>(native.first));
    EXPECT_LE(static_cast<double>(xpoll.again), factor * static_cast<double>(native.again));
  }

 private:
  const DescriptorLimit room_{200'000};
};

// Adds `items` items of `file` to instances that no instance watches.
void watch_directly(NestGraph& graph, int file, int items) {
  constexpr int kEach = 500;
  for (; items > 0; items -= kEach) graph.watch_often(graph.instance(), file, kEach);
}

TEST_F(NestCostTest, AFileWatchedByManyUnwatchedInstancesAndOftenByTheInner) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    const int file = graph.file();
    watch_directly(graph, file, 20'000);
    graph.watch_often(graph.inner(), file, 500);
  });
}

TEST_F(NestCostTest, AFileWatchedByManyUnwatchedInstancesAndByManyBelowTheInner) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    const int file = graph.file();
    watch_directly(graph, file, 20'000);
    for (int i = 0; i < 100; ++i) {
      const int below = graph.instance();
      graph.watch(below, file);
      graph.watch(graph.inner(), below);
    }
  });
}

TEST_F(NestCostTest, ManyFilesWithAsManyWaysUpAsAreAllowed) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    for (int i = 0; i < 1'000; ++i) graph.watch(graph.inner(), graph.file());
    for (int i = 0; i < 499; ++i) graph.watch(graph.instance(), graph.inner());
  });
}

TEST_F(NestCostTest, ManyFilesEachWatchedOnce) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    for (int i = 0; i < 10'000; ++i) graph.watch(graph.inner(), graph.file());
  });
}

TEST_F(NestCostTest, ManyFilesWatchedByAnUnwatchedInstanceToo) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    const int other = graph.instance();
    for (int i = 0; i < 10'000; ++i) {
      const int file = graph.file();
      graph.watch(other, file);
      graph.watch(graph.inner(), file);
    }
  });
}

TEST_F(NestCostTest, ManyFilesWatchedByAWatchedInstanceToo) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    const int other = graph.instance();
    for (int i = 0; i < 5'000; ++i) {
      const int file = graph.file();
      graph.watch(other, file);
      graph.watch(graph.inner(), file);
    }
    graph.watch(graph.instance(), other);
  });
}

// Before the walk enters an instance, it takes a reference and releases the mutex of the one above,
// so that nobody waits for this mutex longer than for a few items.
TEST_F(NestCostTest, ManyInstancesWithAFileEach) {
  expect_no_dearer_than(2.5, [](NestGraph& graph) {
    for (int i = 0; i < 3'000; ++i) {
      const int below = graph.instance();
      graph.watch(below, graph.file());
      graph.watch(graph.inner(), below);
    }
  });
}

TEST_F(NestCostTest, OneFile) {
  expect_no_dearer_than_twice([](NestGraph& graph) { graph.watch(graph.inner(), graph.file()); });
}

TEST_F(NestCostTest, ManyFilesWatchedByManyInstancesBelowTheInner) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
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
  expect_no_dearer_than_twice([](NestGraph& graph) {
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
  expect_no_dearer_than_twice([](NestGraph& graph) {
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

// No file is below, so nothing limits the links.
TEST_F(NestCostTest, AnOuterWatchedByManyWatchedInstances) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    for (int i = 0; i < 5'000; ++i) {
      const int above = graph.instance();
      graph.watch(above, graph.outer());
      graph.watch(graph.instance(), above);
    }
  });
}

TEST_F(NestCostTest, AnOuterWatchedByManyUnwatchedInstances) {
  expect_no_dearer_than_twice([](NestGraph& graph) {
    for (int i = 0; i < 5'000; ++i) graph.watch(graph.instance(), graph.outer());
  });
}

TEST_F(NestCostTest, AnInnerThatWatchesOneInstanceOften) {
  expect_no_dearer_than_twice(
      [](NestGraph& graph) { graph.watch_often(graph.inner(), graph.instance(), 2'000); });
}

// Each instance of a level watches each of the next level: 2 x 30^3 paths over few links.
void build_wide_and_deep(NestGraph& graph, int top, int bottom) {
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
  expect_no_dearer_than_twice(
      [](NestGraph& graph) { build_wide_and_deep(graph, graph.inner(), graph.instance()); });
}

TEST_F(NestCostTest, AWideAndDeepGraphAbove) {
  expect_no_dearer_than_twice(
      [](NestGraph& graph) { build_wide_and_deep(graph, graph.instance(), graph.outer()); });
}

}  // namespace
}  // namespace xpoll::test

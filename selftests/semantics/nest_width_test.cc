// SPDX-License-Identifier: GPL-2.0-only
// CVE-2025-38614: a wide graph of few links has very many paths between instances. Only paths from
// a file are limited, so the checks must visit each instance once instead of once per path: with
// the numbers here, walking every path takes 20^4 steps for each ADD.
#include <vector>

#include "tools/util/descriptors.h"
#include "util/each_backend.h"
#include "util/matchers.h"

namespace xpoll::test {
namespace {

constexpr std::size_t kWidth = 20;
constexpr std::size_t kLevels = 5;

class NestWidthTest : public EachBackend {
 protected:
  using Level = std::vector<unique_fd>;

  Level level() {
    Level result;
    while (result.size() < kWidth) result.push_back(backend_.instance());
    return result;
  }

  void join(const Level& above, const Level& below) {
    for (const unique_fd& upper : above)
      for (const unique_fd& lower : below)
        checked(backend_.add(upper.get(), lower.get(), EPOLLIN), "add of an instance");
  }

  // Each instance of a level watches each one of the next level.
  std::vector<Level> full_graph() {
    std::vector<Level> graph;
    graph.push_back(level());
    while (graph.size() < kLevels) {
      graph.push_back(level());
      join(graph[graph.size() - 2], graph.back());
    }
    return graph;
  }
};
XPOLL_FOR_EACH_BACKEND(NestWidthTest);

TEST_P(NestWidthTest, AWideGraphIsBuiltAndItsSixthLevelIsEloopFromBothSides) {
  const std::vector<Level> graph = full_graph();
  const unique_fd extra = backend_.instance();
  EXPECT_THAT(backend_.add(extra.get(), graph.front().front().get(), EPOLLIN),
              SyscallFailsWithErrno(ELOOP));
  EXPECT_THAT(backend_.add(graph.back().front().get(), extra.get(), EPOLLIN),
              SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestWidthTest, ACycleAcrossAWideGraphIsEloop) {
  const std::vector<Level> graph = full_graph();
  EXPECT_THAT(backend_.add(graph.back().back().get(), graph.front().back().get(), EPOLLIN),
              SyscallFailsWithErrno(ELOOP));
}

TEST_P(NestWidthTest, AFileUnderAWideGraphIsRefusedForItsPaths) {
  const std::vector<Level> graph = full_graph();
  const unique_fd watched = make_eventfd(1);
  EXPECT_THAT(backend_.add(graph.back().front().get(), watched.get(), EPOLLIN),
              SyscallFailsWithErrno(EINVAL));
}

}  // namespace
}  // namespace xpoll::test

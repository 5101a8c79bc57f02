// SPDX-License-Identifier: GPL-2.0-only
// The maximum number of wake-up paths from one file to instances that no instance watches.
#include <string>
#include <tuple>
#include <vector>

#include "tools/util/descriptors.h"
#include "util/descriptor_limit.h"
#include "util/difference.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/wide_graph.h"

namespace xpoll::test {
namespace {

class NestPathTest : public EachBackend {
 private:
  const DescriptorLimit room_{4096};
};
XPOLL_FOR_EACH_BACKEND(NestPathTest);

TEST_P(NestPathTest, DirectPathsAreUnlimited) {
  constexpr int kInstances = 1100;  // native epoll's table has an unused limit of 1000 for these
  const unique_fd watched = make_eventfd(1);
  std::vector<unique_fd> instances;
  for (int i = 0; i < kInstances; ++i) {
    instances.push_back(backend_.instance());
    ASSERT_THAT(backend_.add(instances.back().get(), watched.get(), EPOLLIN), SyscallSucceeds())
        << i;
  }
  EXPECT_THAT(backend_.ready(instances.back().get()), Events(Event(watched.get(), EPOLLIN)));
}

TEST_P(NestPathTest, ANativeInstanceCountsThePathsThroughNativeOnesAlone) {
  constexpr int kPaths = 500;
  const unique_fd watched = make_eventfd();
  const unique_fd native = Backend::native().instance();
  std::vector<unique_fd> instances;
  const auto add_path = [&] {
    instances.push_back(backend_.instance());
    checked(backend_.add(instances.back().get(), watched.get(), EPOLLIN), "add");
    return Backend::native().add(native.get(), instances.back().get(), EPOLLIN);
  };
  for (int i = 0; i < kPaths; ++i) ASSERT_THAT(add_path(), SyscallSucceeds()) << i;
  if (differs(backend_, Difference::kPathsOfEachSideApart))
    EXPECT_THAT(add_path(), SyscallSucceeds());
  else
    EXPECT_THAT(add_path(), SyscallFailsWithErrno(EINVAL));
}

// Paths with 1 to 4 links beyond the first.
class NestPathLimitTest : public testing::TestWithParam<std::tuple<Backend, PathLimit>> {
 protected:
  void SetUp() override {
    if (backend_.is_xpoll()) require_xpoll();
  }

  const Backend backend_ = std::get<0>(GetParam());
  const PathLimit limit_ = std::get<1>(GetParam());

 private:
  const DescriptorLimit room_{4096};
};

TEST_P(NestPathLimitTest, TheLastAllowedInstanceSucceedsAndTheNextIsEinval) {
  WideGraph graph(backend_, limit_.extra_links);
  for (int i = 0; i < limit_.paths; ++i) ASSERT_THAT(graph.add_path(), SyscallSucceeds()) << i;
  EXPECT_THAT(graph.add_path(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(NestPathLimitTest, TheLastAllowedFileSucceedsAndTheNextIsEinval) {
  WideGraph graph(backend_, limit_.extra_links);
  for (int i = 0; i < limit_.paths; ++i)
    ASSERT_THAT(graph.add_path_file_last(), SyscallSucceeds()) << i;
  EXPECT_THAT(graph.add_path_file_last(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(NestPathLimitTest, TheRefusedAddLeavesNoEntry) {
  WideGraph graph(backend_, limit_.extra_links);
  for (int i = 0; i < limit_.paths; ++i) ASSERT_THAT(graph.add_path(), SyscallSucceeds()) << i;
  ASSERT_THAT(graph.add_path(), SyscallFailsWithErrno(EINVAL));
  EXPECT_THAT(backend_.del(graph.joint(), graph.newest()), SyscallFailsWithErrno(ENOENT));
}

TEST_P(NestPathLimitTest, AfterDelOfOnePathTheRefusedAddSucceedsAndTheNextIsEinval) {
  WideGraph graph(backend_, limit_.extra_links);
  for (int i = 0; i < limit_.paths; ++i) ASSERT_THAT(graph.add_path(), SyscallSucceeds()) << i;
  ASSERT_THAT(graph.add_path(), SyscallFailsWithErrno(EINVAL));
  ASSERT_THAT(backend_.del(graph.joint(), graph.oldest()), SyscallSucceeds());
  EXPECT_THAT(backend_.add(graph.joint(), graph.newest(), EPOLLIN), SyscallSucceeds());
  EXPECT_THAT(graph.add_path(), SyscallFailsWithErrno(EINVAL));
}

TEST_P(NestPathLimitTest, AfterCloseOfOneInstanceTheRefusedAddSucceeds) {
  WideGraph graph(backend_, limit_.extra_links);
  for (int i = 0; i < limit_.paths; ++i) ASSERT_THAT(graph.add_path(), SyscallSucceeds()) << i;
  ASSERT_THAT(graph.add_path(), SyscallFailsWithErrno(EINVAL));
  graph.close_oldest();
  EXPECT_THAT(backend_.add(graph.joint(), graph.newest(), EPOLLIN), SyscallSucceeds());
}

TEST_P(NestPathLimitTest, ReadyFilesOfTheFullGraphAreDeliveredAtItsTop) {
  WideGraph graph(backend_, limit_.extra_links);
  for (int i = 0; i < limit_.paths; ++i) ASSERT_THAT(graph.add_path(), SyscallSucceeds()) << i;
  ASSERT_THAT(backend_.ready(graph.top()), NoEvents());
  graph.make_ready();
  EXPECT_THAT(backend_.ready(graph.top()), testing::Not(testing::IsEmpty()));
}

TEST_P(NestPathLimitTest, ThePathsOfAnotherFileAreCountedApart) {
  WideGraph graph(backend_, limit_.extra_links);
  for (int i = 0; i < limit_.paths; ++i) ASSERT_THAT(graph.add_path(), SyscallSucceeds()) << i;
  const unique_fd other = make_eventfd();
  EXPECT_THAT(backend_.add(graph.oldest(), other.get(), EPOLLIN), SyscallSucceeds());
}

INSTANTIATE_TEST_SUITE_P(, NestPathLimitTest,
                         testing::Combine(testing::Values(Backend::xpoll(), Backend::native()),
                                          testing::Values(PathLimit{1, 500}, PathLimit{2, 100},
                                                          PathLimit{3, 50}, PathLimit{4, 10})),
                         [](const testing::TestParamInfo<NestPathLimitTest::ParamType>& info) {
                           return std::string(std::get<0>(info.param).name()) + "_" +
                                  std::to_string(std::get<1>(info.param).extra_links) +
                                  "_extra_links";
                         });

}  // namespace
}  // namespace xpoll::test

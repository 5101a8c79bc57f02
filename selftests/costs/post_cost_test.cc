// SPDX-License-Identifier: GPL-2.0-only
// XPOLL_IOC_POST runs through the instances above it with interrupts off.
#include <fmt/format.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>

#include <cerrno>
#include <cstdint>
#include <iostream>
#include <numeric>
#include <vector>

#include "instructions.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/stats.h"

namespace xpoll::test {
namespace {

class PostCostTest : public XpollOnly {
 protected:
  static int post_event(const unique_fd& ep) {
    const std::uint64_t data = 1;
    return ioctl(ep.get(), XPOLL_IOC_POST, &data);
  }

  // Four levels of `width` instances above `bottom`, with as many of all links as are allowed.
  std::vector<unique_fd> watch_as_widely_as_allowed(const unique_fd& bottom, int width) const {
    std::vector<unique_fd> all;
    std::vector<int> below{bottom.get()};
    for (int level = 0; level < 4; ++level) {
      std::vector<int> above;
      for (int i = 0; i < width; ++i) {
        all.push_back(backend_.instance());
        above.push_back(all.back().get());
        for (const int fd : below)
          if (backend_.add(above.back(), fd, EPOLLIN) < 0) EXPECT_EQ(errno, EINVAL);
      }
      below = above;
    }
    return all;
  }

  static std::uint64_t callbacks_of(const std::vector<unique_fd>& eps) {
    return std::accumulate(
        eps.begin(), eps.end(), std::uint64_t{0},
        [](std::uint64_t sum, const unique_fd& ep) { return sum + stats_of(ep).callbacks; });
  }

 private:
  const DescriptorLimit room_{4096};
};

// 500, 100, 50 and 10 paths of 1, 2, 3 and 4 links, each of which calls back once.
TEST_F(PostCostTest, APostCallsBackAsOftenAsTheLimitsOfPathsAllowAtMost) {
  constexpr std::uint64_t kMost = 500 + 2 * 100 + 3 * 50 + 4 * 10;
  for (const int width : {3, 10, 30}) {
    const unique_fd bottom = backend_.instance();
    checked(post_event(bottom), "post");
    const std::vector<unique_fd> above = watch_as_widely_as_allowed(bottom, width);
    const std::uint64_t before = callbacks_of(above);
    const std::int64_t cost = instructions_of([&] { checked(post_event(bottom), "post"); });
    const std::uint64_t callbacks = callbacks_of(above) - before;
    std::cout << fmt::format("# width {}: {} callbacks, {} instructions\n", width, callbacks, cost);
    EXPECT_GT(callbacks, 0U);
    EXPECT_LE(callbacks, kMost);
  }
}

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// What watches that end with their descriptor cost: the close of a descriptor in a process that has
// none, while others have very many; and the exit of a process that has many of a few files.
#include <fmt/format.h>
#include <linux/xpoll.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <memory>
#include <vector>

#include "instructions.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/close_removes.h"
#include "util/descriptor_limit.h"
#include "util/each_backend.h"
#include "util/process.h"

namespace xpoll::test {
namespace {

class CloseCostTest : public XpollOnly {
 protected:
  // A child with so many watches that end with their descriptor, until it is killed.
  static std::unique_ptr<Process> process_with(int watches) {
    const unique_fd ready = make_eventfd();
    auto process = std::make_unique<Process>([&] {
      const unique_fd ep = create_instance(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES);
      std::vector<unique_fd> files;
      for (int i = 0; i < watches; ++i) {
        files.push_back(make_eventfd());
        checked(backend().add(ep.get(), files.back().get(), EPOLLIN), "add");
      }
      post(ready);
      return pause();
    });
    wait_for(ready);
    return process;
  }

  // The instructions of the exit of a process that has added so many numbers of each of the files,
  // which stay open, to an instance with these flags.
  static std::int64_t cost_of_exit(std::uint32_t flags, int files, int numbers) {
    const unique_fd ep = create_instance(XPOLL_CLOEXEC | flags);
    std::vector<unique_fd> open;
    for (int i = 0; i < files; ++i) open.push_back(make_eventfd());
    const unique_fd ready = make_eventfd();
    const unique_fd go = make_eventfd();
    Process process([&] {
      int failed = 0;
      for (int i = 0; i < files * numbers; ++i)
        failed += backend().add(ep.get(), dup(open[i % files].get()), EPOLLIN) < 0;
      post(ready);
      wait_for(go);
      return failed;
    });
    wait_for(ready);
    return instructions_of([&] {
      post(go);
      EXPECT_EQ(process.join(), 0);
    });
  }

  // The instructions of a close of a dup, on average over many files, each at an address of its
  // own.
  static std::int64_t cost_of_closes() {
    constexpr int kCloses = 500;
    std::vector<unique_fd> files;
    std::vector<int> dups;
    for (int i = 0; i < kCloses; ++i) {
      files.push_back(make_eventfd());
      dups.push_back(checked(dup(files.back().get()), "dup"));
    }
    return instructions_of([&] {
             for (const int fd : dups) ::close(fd);
           }) /
           kCloses;
  }
  static std::int64_t cheapest_close() {
    std::int64_t cheapest = cost_of_closes();
    for (int round = 0; round < 5; ++round) cheapest = std::min(cheapest, cost_of_closes());
    return cheapest;
  }

 private:
  static constexpr Backend backend() { return Backend::xpoll(); }
  static int wait_for(const unique_fd& eventfd) {
    pollfd fd{.fd = eventfd.get(), .events = POLLIN, .revents = 0};
    return checked(::poll(&fd, 1, -1), "poll");
  }
  const DescriptorLimit room_{100'000};
};

TEST_F(CloseCostTest, DoesNotGrowWithTheOwnedWatchesOfOtherProcesses) {
  const auto one = process_with(1);
  const std::int64_t few = cheapest_close();
  const std::int64_t limit = few + few / 100;
  auto other = process_with(40'000);
  std::int64_t many = cheapest_close();
  // two tables of descriptors may share a bucket: another process has another one
  if (many > limit) {
    other = process_with(40'000);
    many = cheapest_close();
  }
  std::cout << fmt::format("# a close: {} instructions, {} with many watches of others\n", few,
                           many);
  EXPECT_LE(many, limit);
}

TEST_F(CloseCostTest, OfAnExitGrowsInProportionToTheNumbers) {
  constexpr int kNumbers = 250;  // a file may have 256
  constexpr int kFiles = 16;
  const std::int64_t plain = cost_of_exit(0, kFiles, kNumbers);
  const std::int64_t owned = cost_of_exit(XPOLL_CREATE_CLOSE_REMOVES, kFiles, kNumbers);
  const std::int64_t fewer = cost_of_exit(XPOLL_CREATE_CLOSE_REMOVES, kFiles, kNumbers / 4);
  std::cout << fmt::format("# an exit: {} instructions, {} with owned watches, {} with a quarter\n",
                           plain, owned, fewer);
  EXPECT_LE(owned, 5 * fewer);
  EXPECT_LE(owned, 5 * plain);  // plain watches stay, as their files do
}

}  // namespace
}  // namespace xpoll::test

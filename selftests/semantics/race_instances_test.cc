// SPDX-License-Identifier: GPL-2.0-only
// Readers of the list of all instances, while instances with watches, groups and rings come and go.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <list>
#include <string>
#include <system_error>
#include <vector>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "tools/util/listed_instances.h"
#include "util/debugfs.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/ring.h"
#include "util/stress.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

constexpr int kRounds = 80;
constexpr int kCreators = 3;
constexpr int kReaders = 3;

class RaceInstancesTest : public DebugfsTest {
 protected:
  // Instances of each kind, which exist at once and close in another order.
  void create_and_close() const {
    const unique_fd device = open_device();
    const struct xpoll_create create {
      .flags = XPOLL_CLOEXEC,
      .group = static_cast<std::uint32_t>(checked(ioctl(device.get(), XPOLL_IOC_GROUP), "group"))
    };
    unique_fd grouped = checked_fd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "create");
    const unique_fd file = make_eventfd(1);
    const unique_fd watching = backend_.instance();
    checked(backend_.add(watching.get(), file.get(), EPOLLIN), "add");
    checked(backend_.add(watching.get(), grouped.get(), EPOLLIN), "add");
    const RingInstance ring;
    checked(ring.add(file, EPOLLIN | EPOLLET), "add");
    grouped.reset();
  }

  // Reads the list with a buffer of this size. Returns how many instances have the name.
  static long read_list(std::size_t bytes, const std::string& name) {
    const unique_fd file = open_file(kInstanceList, O_RDONLY);
    std::string text;
    std::string part(bytes, '\0');
    ssize_t size = 0;
    while ((size = read(file.get(), part.data(), part.size())) > 0)
      text.append(part, 0, static_cast<std::size_t>(size));
    if (size < 0) throw std::system_error(errno, std::generic_category(), kInstanceList);
    return std::ranges::count(parse_listed_instances(text), name, &ListedInstance::comm);
  }
};

TEST_F(RaceInstancesTest, ReadersSeeEachInstanceThatStaysOnceWhileOthersComeAndGo) {
  const std::string name = fmt::format("stays {}", gettid());
  std::vector<unique_fd> staying;
  Thread([&] {
    checked(prctl(PR_SET_NAME, name.c_str()), "prctl");
    for (int i = 0; i < 20; ++i) staying.push_back(backend_.instance());
  }).join();

  std::atomic<bool> over{false};
  std::atomic<int> wrong{0};
  std::list<Thread> creators;
  std::list<Thread> readers;
  const SetAtExit stop(over);
  for (int i = 0; i < kReaders; ++i)
    readers.emplace_back([&, bytes = std::size_t{50} << (3 * i)] {
      while (!over)
        if (read_list(bytes, name) != static_cast<long>(staying.size())) ++wrong;
    });
  for (int i = 0; i < kCreators; ++i)
    creators.emplace_back([&] {
      for (int round = stress_rounds(kRounds); round > 0; --round) create_and_close();
    });
  for (Thread& creator : creators) creator.join();
  over = true;
  for (Thread& reader : readers) reader.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(read_list(4096, name), static_cast<long>(staying.size()));
}

}  // namespace
}  // namespace xpoll::test

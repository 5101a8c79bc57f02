// SPDX-License-Identifier: GPL-2.0-only
// The module's trace events: each stage of an event's path, once and in order.
#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "load/load_test.h"
#include "load/pseudo_file.h"
#include "load/tracer.h"
#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "util/matchers.h"
#include "util/waiter.h"

namespace xpoll::test {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::string kEvents = std::string(kTracing) + "events/xpoll/";
const std::string kClock = std::string(kTracing) + "trace_clock";

class TraceEventTest : public LoadTest {
 protected:
  void SetUp() override {
    LoadTest::SetUp();
    if (HasFatalFailure()) return;
    // The counter clock orders events of several processors.
    must_write(kClock, "counter");
    xpoll_.must_load();
    clear_trace();
    must_write(kEvents + "enable", "1");
  }

  void TearDown() override {
    LoadTest::TearDown();
    must_write(kClock, "local");
  }

  // The events so far, such as "xpoll_create: ep=... fd=3".
  static std::vector<std::string> traced() {
    std::istringstream trace(beginning_of_trace());
    std::vector<std::string> events;
    for (std::string line; std::getline(trace, line);) {
      const auto name = line.find(" xpoll_");
      if (name != std::string::npos) events.push_back(line.substr(name + 1));
    }
    return events;
  }
};

TEST_F(TraceEventTest, ThereIsOneForEachStage) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kEvents))
    if (entry.is_directory()) names.insert(entry.path().filename());
  EXPECT_THAT(names,
              ElementsAre("xpoll_callback", "xpoll_create", "xpoll_ctl", "xpoll_last_close",
                          "xpoll_queue", "xpoll_release", "xpoll_scan_begin", "xpoll_scan_end",
                          "xpoll_wait_enter", "xpoll_wait_return", "xpoll_wake"));
}

// EPOLLERR and EPOLLHUP, 0x18, are always requested.
TEST_F(TraceEventTest, AMessageForASleeperLeavesEachStageOnceInOrder) {
  TcpPair tcp = tcp_pair();
  const int fd = tcp.server.get();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), fd, EPOLLIN), SyscallSucceeds());
  Waiter waiter(backend_, ep.get());
  waiter.wait_until_asleep();
  write_all(tcp.client, "x");
  ASSERT_THAT(waiter.join(), SyscallSucceedsWithValue(1));
  tcp.server.reset();

  EXPECT_THAT(
      traced(),
      // The fd at creation. The library moves the descriptor to another number later.
      ElementsAre(AllOf(StartsWith("xpoll_create:"), ContainsRegex(" fd=[0-9]+$")),
                  AllOf(StartsWith("xpoll_ctl:"),
                        EndsWith(fmt::format("op=ADD fd={} events=0x19 data={:#x} ret=0", fd, fd))),
                  AllOf(StartsWith("xpoll_wait_enter:"), HasSubstr("maxevents=1 ")),
                  AllOf(StartsWith("xpoll_callback:"), HasSubstr(fmt::format("fd={} ", fd))),
                  AllOf(StartsWith("xpoll_queue:"), EndsWith(fmt::format("fd={} ready", fd))),
                  // A socket wakes with sync=1, a hint that the waker is about to sleep.
                  AllOf(StartsWith("xpoll_wake:"), HasSubstr(" waiter "), EndsWith("sync=1")),
                  AllOf(StartsWith("xpoll_scan_begin:"), EndsWith("room=1")),
                  AllOf(StartsWith("xpoll_scan_end:"), EndsWith("ret=1")),
                  AllOf(StartsWith("xpoll_wait_return:"), EndsWith("ret=1")),
                  AllOf(StartsWith("xpoll_last_close:"), EndsWith("removed=1"))));
}

TEST_F(TraceEventTest, AMessageBeforeTheWaitWakesNobody) {
  TcpPair tcp = tcp_pair();
  const int fd = tcp.server.get();
  const unique_fd ep = backend_.instance();
  ASSERT_THAT(backend_.add(ep.get(), fd, EPOLLIN), SyscallSucceeds());
  write_all(tcp.client, "x");
  wait_until_readable(tcp.server);
  ASSERT_THAT(backend_.ready(ep.get()), Events(Event(fd, EPOLLIN)));
  tcp.server.reset();

  EXPECT_THAT(traced(), ElementsAre(StartsWith("xpoll_create:"), StartsWith("xpoll_ctl:"),
                                    AllOf(StartsWith("xpoll_callback:"), HasSubstr(" key=0x")),
                                    AllOf(StartsWith("xpoll_queue:"), EndsWith(" ready")),
                                    StartsWith("xpoll_wait_enter:"),
                                    StartsWith("xpoll_scan_begin:"), StartsWith("xpoll_scan_end:"),
                                    AllOf(StartsWith("xpoll_wait_return:"), EndsWith("ret=1")),
                                    AllOf(StartsWith("xpoll_last_close:"), EndsWith("removed=1"))));
}

TEST_F(TraceEventTest, ARefusedChangeShowsItsErrno) {
  const unique_fd ep = backend_.instance();
  const unique_fd watched = make_eventfd();
  ASSERT_THAT(backend_.mod(ep.get(), watched.get(), EPOLLIN), SyscallFailsWithErrno(ENOENT));
  EXPECT_THAT(traced(), ElementsAre(StartsWith("xpoll_create:"),
                                    EndsWith(fmt::format("op=MOD fd={} events=0x19 data={:#x} "
                                                         "ret={}",
                                                         watched.get(), watched.get(), -ENOENT))));
}

// Where the kernel has BTF, the module has too: probes need it for functions and trace events.
TEST_F(TraceEventTest, ItsTypesAreKnownWhereTheKernelsAre) {
  if (!std::filesystem::exists("/sys/kernel/btf/vmlinux")) GTEST_SKIP() << "a kernel without BTF";
  EXPECT_TRUE(std::filesystem::exists("/sys/kernel/btf/xpoll"));
}

TEST_F(TraceEventTest, ThatAreOnDoNotHoldTheModule) {
  backend_.instance().reset();
  EXPECT_THAT(traced(), ElementsAre(StartsWith("xpoll_create:"), StartsWith("xpoll_release:")));
  EXPECT_THAT(xpoll_.unload(), SyscallSucceeds());
}

}  // namespace
}  // namespace xpoll::test

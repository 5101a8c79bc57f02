// SPDX-License-Identifier: GPL-2.0-only
// A test that does not end is named in the output, with what its threads do.
#include "util/stall_watch.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <regex>
#include <string>
#include <vector>

#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/listed_instances.h"
#include "tools/util/wait_until.h"
#include "util/debugfs.h"
#include "util/sleep_watch.h"
#include "util/thread.h"

namespace xpoll::test {
namespace {

using std::chrono::milliseconds;

// Runs the body in a process whose StallWatch writes to `out`. Returns the status of waitpid(2).
template <typename Body>
int run_watched(milliseconds limit, const unique_fd& out, Body body) {
  const pid_t pid = checked(fork(), "fork");
  if (pid == 0) {
    body(StallWatch(limit, out.get()));
    _exit(0);
  }
  int status = 0;
  checked(waitpid(pid, &status, 0), "waitpid");
  return status;
}

std::string read_all(Pipe& pipe) {
  pipe.writer.reset();
  std::string text(1 << 16, '\0');
  std::size_t size = 0;
  // the process that watches has the other copy
  for (ssize_t part = 1; part > 0; size += static_cast<std::size_t>(part))
    part = checked(
        static_cast<int>(read(pipe.reader.get(), text.data() + size, text.size() - size)), "read");
  text.resize(size);
  return text;
}

TEST(StallWatchTest, NamesTheTestAndWhatItsThreadsDoAndEndsIt) {
  Pipe pipe = make_pipe(O_CLOEXEC);
  const int status = run_watched(milliseconds(50), pipe.writer, [](const StallWatch& watch) {
    watch.begin("First.Ends");
    watch.end();
    Thread other([] {
      checked(prctl(PR_SET_NAME, "other thread"), "prctl");
      pause();
    });
    wait_until("the thread asleep", [&] { return is_asleep(other.tid()); });
    watch.begin("Second.Stalls");
    pause();
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT) << status;
  const std::string text = read_all(pipe);
  EXPECT_THAT(text, testing::StartsWith("# Second.Stalls has not ended within 0.1 s."));
  EXPECT_THAT(text, testing::ContainsRegex("# [0-9]+ other thread S: [^\n<]+ < "));
}

class StallWatchListTest : public DebugfsTest {};

TEST_F(StallWatchListTest, ShowsWhichInstancesAreReady) {
  Pipe pipe = make_pipe(O_CLOEXEC);
  run_watched(milliseconds(50), pipe.writer, [&](const StallWatch& watch) {
    checked(prctl(PR_SET_NAME, "stalled"), "prctl");
    const unique_fd file = make_eventfd(1);
    const unique_fd ep = backend_.instance();
    checked(backend_.add(ep.get(), file.get(), EPOLLIN), "add");
    watch.begin("Any.Stalls");
    pause();
  });
  std::string list = read_all(pipe);
  list.erase(0, list.find("# id "));
  const std::string lines = std::regex_replace(list, std::regex("(^|\n)# "), "$1");
  const std::vector<ListedInstance> instances = parse_listed_instances(lines);
  EXPECT_THAT(instances, testing::Contains(testing::AllOf(
                             testing::Field("comm", &ListedInstance::comm, "stalled"),
                             testing::Field("ready", &ListedInstance::ready, true))));
}

TEST(StallWatchTest, LetsTestsEndInTimeHoweverLongAllTake) {
  constexpr milliseconds kLimit{2000};
  Pipe pipe = make_pipe(O_CLOEXEC);
  const int status = run_watched(kLimit, pipe.writer, [&](const StallWatch& watch) {
    const auto end = std::chrono::steady_clock::now() + 2 * kLimit;
    while (std::chrono::steady_clock::now() < end) {
      watch.begin("Short.Ends");
      usleep(1000);
      watch.end();
    }
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(read_all(pipe), "");
}

}  // namespace
}  // namespace xpoll::test

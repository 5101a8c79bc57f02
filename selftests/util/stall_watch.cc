// SPDX-License-Identifier: GPL-2.0-only
#include "stall_watch.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

#include "task_state.h"
#include "tools/util/checked.h"
#include "tools/util/listed_instances.h"

namespace xpoll::test {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNameSize = 512;

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

// The names of the functions on the kernel stack, innermost first: "a < b < c". The file has lines
// such as "[<0>] ep_poll+0x1f/0x340".
std::string kernel_stack(const fs::path& task) {
  constexpr int kDepth = 12;
  std::ifstream file(task / "stack");
  std::string stack;
  std::string line;
  for (int depth = 0; depth < kDepth && std::getline(file, line); ++depth) {
    const auto name = std::min(line.find("] ") + 2, line.size());
    fmt::format_to(std::back_inserter(stack), "{}{}", depth ? " < " : "",
                   line.substr(name, line.find('+', name) - name));
  }
  return stack;
}

bool is_number(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

// Tasks end meanwhile, so an iterator's error is only the end of the list.
template <typename Act>
void for_each_number_in(const fs::path& directory, Act act) {
  std::error_code ended;
  for (fs::directory_iterator entry(directory, ended), end; !ended && entry != end;
       entry.increment(ended))
    if (is_number(entry->path().filename())) act(entry->path());
}

std::string describe(const fs::path& task) {
  const std::string tid = task.filename();
  return fmt::format("# {} {} {}: {}\n", tid, first_line(task / "comm"),
                     scheduler_state(std::stoi(tid)), kernel_stack(task));
}

// A kernel thread has no command line.
std::string describe_programs() {
  std::string text;
  for_each_number_in("/proc", [&](const fs::path& process) {
    if (process.filename() == std::to_string(getpid())) return;
    if (first_line(process / "cmdline").empty()) return;
    for_each_number_in(process / "task", [&](const fs::path& task) { text += describe(task); });
  });
  return text;
}

// "ready" with "waiting" is a wake-up that was lost. Empty without the module.
std::string describe_instances() {
  std::ifstream file(kInstanceList);
  std::string text;
  for (std::string line; std::getline(file, line);) text += "# " + line + '\n';
  return text;
}

// Each message is the name of the test that runs from now on, terminated by NUL; empty between
// tests.
void watch(pid_t watched, const unique_fd& tests, std::chrono::milliseconds limit, int out) {
  std::string test;
  for (;;) {
    struct pollfd message {
      tests.get(), POLLIN, 0
    };
    const int timeout = test.empty() ? -1 : static_cast<int>(limit.count());
    if (checked(poll(&message, 1, timeout), "poll") == 0) break;
    std::array<char, kNameSize> name;
    if (checked(static_cast<int>(read(tests.get(), name.data(), name.size())), "read") == 0) return;
    test = name.data();
  }
  const std::string text = fmt::format(
      "# {} has not ended within {:.1f} s. All programs' threads, with state and kernel stack:\n"
      "{}{}",
      test, std::chrono::duration<double>(limit).count(), describe_programs(),
      describe_instances());
  dprintf(out, "%s", text.c_str());
  kill(watched, SIGABRT);
}

}  // namespace

StallWatch::StallWatch(std::chrono::milliseconds limit, int out) {
  // keeps the messages apart
  int ends[2];
  checked(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends), "socketpair");
  tests_.reset(ends[0]);
  unique_fd tests(ends[1]);
  const pid_t watched = getpid();
  const pid_t between = checked(fork(), "fork");
  if (between == 0) {
    tests_.reset();
    // not a child of the tests' process, and in no process group that a test sends a signal to
    if (const pid_t watcher = fork()) _exit(watcher < 0);
    setsid();
    watch(watched, tests, limit, out);
    _exit(0);
  }
  int status = 0;
  checked(waitpid(between, &status, 0), "waitpid");
  if (status) throw std::runtime_error("can't start the process that watches the tests");
}

void StallWatch::begin(std::string_view test) const {
  const std::string name(test.substr(0, kNameSize - 1));
  checked(static_cast<int>(write(tests_.get(), name.c_str(), name.size() + 1)),
          "write of a test's name");
}

}  // namespace xpoll::test

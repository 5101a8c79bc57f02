// SPDX-License-Identifier: GPL-2.0-only
#include "process.h"

#include <grp.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <utility>

#include "task_state.h"
#include "tools/util/descriptors.h"
#include "tools/util/file.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

struct Outcome {
  int value;
  int error;
};

[[noreturn]] void run_child(const std::function<int()>& body, const unique_fd& result) {
  try {
    errno = 0;
    const int value = body();
    const Outcome outcome{value, errno};
    if (write(result.get(), &outcome, sizeof(outcome)) == sizeof(outcome)) _exit(0);
  } catch (const std::exception& failure) {
    dprintf(STDERR_FILENO, "# in child %d: %s\n", getpid(), failure.what());
  }
  _exit(1);
}

}  // namespace

Process::Process(const std::function<int()>& body) {
  Pipe pipe = make_pipe(O_CLOEXEC);
  // Otherwise the child would print buffered output a second time.
  std::fflush(nullptr);
  pid_ = checked(fork(), "fork");
  if (pid_ == 0) {
    pipe.reader.reset();
    run_child(body, pipe.writer);
  }
  result_ = std::move(pipe.reader);
}

Process::~Process() {
  if (pid_ > 0) kill_and_reap();
}

void Process::wait_until_asleep_in_wait() const { xpoll::test::wait_until_asleep_in_wait(pid_); }

void Process::wait_until_executed(const std::string& name) const {
  wait_until("the program executed",
             [&] { return read_file("/proc/" + std::to_string(pid_) + "/comm") == name + '\n'; });
}

int Process::reap() {
  int status = 0;
  const pid_t pid = std::exchange(pid_, -1);
  checked(TEMP_FAILURE_RETRY(waitpid(pid, &status, 0)), "waitpid");
  return status;
}

int Process::join() {
  const int status = reap();
  Outcome outcome{};
  if (read(result_.get(), &outcome, sizeof(outcome)) != sizeof(outcome))
    throw std::runtime_error("child gave no result, wait status " + std::to_string(status));
  errno = outcome.error;
  return outcome.value;
}

int Process::join_killed() {
  const int status = reap();
  return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

void Process::kill_and_reap() {
  checked(kill(pid_, SIGKILL), "kill");
  reap();
}

void become_user(uid_t id) {
  checked(setgroups(0, nullptr), "setgroups");
  checked(setresgid(id, id, id), "setresgid");
  checked(setresuid(id, id, id), "setresuid");
}

}  // namespace xpoll::test

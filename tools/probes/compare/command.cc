// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <utility>

#include "probes/util/unavailable.h"
#include "tools/util/checked.h"
#include "tools/util/pipe.h"

namespace probes::compare {
namespace {

using xpoll::checked;
using xpoll::Pipe;
using xpoll::unique_fd;

/// Blocks until all writers of the pipe are gone.
void wait_for_end(const unique_fd& pipe) {
  char nothing = 0;
  while (read(pipe.get(), &nothing, 1) < 0 && errno == EINTR) continue;
}

std::vector<char*> arguments_of(Words& words) {
  std::vector<char*> arguments;
  std::ranges::transform(words, std::back_inserter(arguments),
                         [](std::string& word) { return word.data(); });
  arguments.push_back(nullptr);
  return arguments;
}

[[noreturn]] void become(const std::vector<char*>& arguments, const unique_fd& gate,
                         const unique_fd& errors, int output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  wait_for_end(gate);
  std::signal(SIGINT, SIG_DFL);
  execvp(arguments.front(), arguments.data());
  const int error = errno;
  const bool told = write(errors.get(), &error, sizeof(error)) == sizeof(error);
  _exit(told ? EXIT_SUCCESS : EXIT_FAILURE);
}

}  // namespace

Command::Command(Words words, Output output) : words_(std::move(words)) {
  if (output == Output::kept)
    output_.reset(checked(memfd_create("output", MFD_CLOEXEC), "memfd_create"));
  Pipe gate;
  Pipe errors;
  const std::vector<char*> arguments = arguments_of(words_);
  pid_ = checked(fork(), "fork");
  if (pid_ == 0) {
    gate.writer.reset();
    become(arguments, gate.reader, errors.writer, output_.valid() ? output_.get() : STDERR_FILENO);
  }
  gate_ = std::move(gate.writer);
  errors_ = std::move(errors.reader);
  pidfd_.reset(checked(static_cast<int>(syscall(SYS_pidfd_open, pid_, 0)), "pidfd_open"));
}

Command::~Command() {
  if (pid_ < 0) return;
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void Command::release() {
  gate_.reset();
  int error = 0;
  if (TEMP_FAILURE_RETRY(read(errors_.get(), &error, sizeof(error))) == sizeof(error))
    throw Unavailable(fmt::format("{}: {}", words_.front(), std::strerror(error)));
}

bool Command::ended_within(std::chrono::milliseconds time) const {
  pollfd end{.fd = pidfd_.get(), .events = POLLIN, .revents = 0};
  return poll(&end, 1, static_cast<int>(time.count())) > 0;
}

bool Command::terminate(std::chrono::seconds patience) {
  kill(pid_, SIGTERM);
  if (ended_within(patience)) return true;
  kill(pid_, SIGKILL);
  return false;
}

int Command::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0)
    if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "waitpid");
  pid_ = -1;
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

std::string Command::output() const {
  std::string text;
  std::array<char, 4096> part{};
  ssize_t length = 0;
  while ((length =
              pread(output_.get(), part.data(), part.size(), static_cast<off_t>(text.size()))) > 0)
    text.append(part.data(), static_cast<std::size_t>(length));
  return text;
}

}  // namespace probes::compare

// SPDX-License-Identifier: GPL-2.0-only
#include "command.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

// Longer than kDeadline, so that a program can report its own timeout.
constexpr std::chrono::milliseconds kLimit = 2 * kDeadline;

// Returns 0 at end of file.
std::size_t read_some(const unique_fd& fd, std::span<char> to) {
  pollfd readable{.fd = fd.get(), .events = POLLIN, .revents = 0};
  if (checked(poll(&readable, 1, static_cast<int>(kLimit.count())), "poll") == 0)
    throw std::runtime_error("a program neither says anything nor ends");
  return checked(static_cast<int>(read(fd.get(), to.data(), to.size())), "read");
}

std::string read_all(const unique_fd& fd) {
  std::string text;
  std::array<char, 4096> part{};
  while (const std::size_t length = read_some(fd, part)) text.append(part.data(), length);
  return text;
}

}  // namespace

int Result::status() const {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

Command::Command(const Words& words, const std::function<void()>& prepare) {
  Pipe in = make_pipe(O_CLOEXEC);
  Pipe out = make_pipe(O_CLOEXEC);
  Pipe err = make_pipe(O_CLOEXEC);
  ChildSetup setup;
  setup.in = in.reader.get();
  setup.out = out.writer.get();
  setup.err = err.writer.get();
  setup.before_exec = prepare;
  child_.emplace(words, setup);
  in_ = std::move(in.writer);
  out_ = std::move(out.reader);
  err_ = std::move(err.reader);
}

std::string Command::read_line() {
  std::string line;
  for (char letter = 0; read_some(out_, {&letter, 1}) == 1 && letter != '\n';) line += letter;
  return line;
}

bool Command::has_ended() const { return child_->ended_within(std::chrono::milliseconds(0)); }

Result Command::wait() {
  std::string out = read_all(out_);
  std::string err = read_all(err_);
  if (!child_->ended_within(kLimit)) throw std::runtime_error("a program does not end");
  return {child_->wait_status(), std::move(out), std::move(err)};
}

Result run(const Words& words, const std::function<void()>& prepare) {
  return Command(words, prepare).wait();
}

std::string built(const std::string& name) {
  return std::filesystem::read_symlink("/proc/self/exe").replace_filename(name);
}

Words concatenated(Words first, const Words& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}

Words natively(const Words& mode) { return concatenated({built("preload-victim")}, mode); }

Words on_xpoll(const Words& options, const Words& mode) {
  return concatenated(concatenated({built("xpoll-run"), "--preload"}, options), natively(mode));
}

Words by_calls(const Words& options, const Words& mode) {
  return concatenated(concatenated({built("xpoll-run"), "--calls"}, options), natively(mode));
}

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#include "blocked_wait.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

namespace xpoll::fuzz {
namespace {

constexpr int kInterrupt = SIGUSR1;

// Without SA_RESTART, so that it interrupts the wait.
void catch_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  checked(sigaction(kInterrupt, &action, nullptr), "sigaction");
}

}  // namespace

BlockedWait::BlockedWait(const IdleTurn& idle) : idle_(idle), thread_([this] { work(); }) {
  catch_interrupt();
  run_when_idle(thread_.tid());
  const std::string path = fmt::format("/proc/self/task/{}/stat", thread_.tid());
  status_ = checked_fd(open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
}

BlockedWait::~BlockedWait() {
  if (state_ == State::kWaiting) interrupt();
  move_to(State::kQuit);
}

void BlockedWait::move_to(State state) {
  state_ = state;
  state_.notify_all();
}

void BlockedWait::work() {
  for (;;) {
    const State state = state_;
    if (state == State::kQuit) return;
    if (state != State::kAsked) {
      state_.wait(state);
      continue;
    }
    state_ = State::kWaiting;
    value_ = backend_.wait(epfd_, events_.data(), static_cast<int>(events_.size()), -1);
    error_ = errno;
    // Fails if the owner wants the thread to end.
    State waiting = State::kWaiting;
    state_.compare_exchange_strong(waiting, State::kReturned);
  }
}

void BlockedWait::start(xpoll::Backend backend, int epfd, int maxevents) {
  backend_ = backend;
  epfd_ = epfd;
  events_.assign(static_cast<std::size_t>(maxevents), {});
  move_to(State::kAsked);
  settle();
}

// From kWaiting on, the wait is the only place where the thread sleeps.
bool BlockedWait::asleep() const {
  if (state_ != State::kWaiting) return false;
  std::array<char, 256> text{};
  const auto length = pread(status_.get(), text.data(), text.size(), 0);
  const std::string_view line(text.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0)));
  // The state follows the command's name, which is in parentheses.
  const auto end_of_name = line.rfind(')');
  return end_of_name != std::string_view::npos && line.substr(end_of_name + 2, 1) == "S";
}

void BlockedWait::settle() const {
  if (!busy()) return;
  wait_for_rest(
      "a waiting thread", [this] { return returned() || asleep(); }, [this] { idle_.take(); });
}

void BlockedWait::interrupt() {
  thread_.signal(kInterrupt);
  wait_for_rest(
      "the end of an interrupted wait", [this] { return returned(); }, [this] { idle_.take(); });
}

WaitResult BlockedWait::collect() {
  events_.resize(static_cast<std::size_t>(std::max(value_, 0)));
  move_to(State::kIdle);
  return {value_, value_ < 0 ? error_ : 0, events_};
}

}  // namespace xpoll::fuzz

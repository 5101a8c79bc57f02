// SPDX-License-Identifier: GPL-2.0-only
#include "signals.h"

#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>

#include <cerrno>
#include <system_error>

namespace xpoll::vm {

namespace {

sigset_t stop_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, signal);
  return set;
}

}  // namespace

Interrupted::Interrupted(int signal)
    : std::runtime_error{fmt::format("stopped by {}", ::strsignal(signal))}, signal_{signal} {}

SignalGuard::SignalGuard() {
  const sigset_t set = stop_signals();
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  fd_ = unique_fd{::signalfd(-1, &set, SFD_CLOEXEC)};
  if (!fd_.valid()) throw std::system_error(errno, std::generic_category(), "signalfd");
}

SignalGuard::~SignalGuard() {
  const sigset_t set = stop_signals();
  ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

void SignalGuard::raise() const {
  signalfd_siginfo info{};
  if (::read(fd_.get(), &info, sizeof(info)) != sizeof(info)) {
    throw std::system_error(errno, std::generic_category(), "signalfd");
  }
  throw Interrupted{static_cast<int>(info.ssi_signo)};
}

}  // namespace xpoll::vm

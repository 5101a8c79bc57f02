// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace probes {

xpoll::unique_fd descriptor_of(std::initializer_list<int> signals) {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : signals) sigaddset(&set, signal);
  if (sigprocmask(SIG_BLOCK, &set, nullptr) < 0)
    throw std::system_error(errno, std::generic_category(), "sigprocmask");
  xpoll::unique_fd fd(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
  if (!fd.valid()) throw std::system_error(errno, std::generic_category(), "signalfd");
  return fd;
}

std::optional<int> take_signal(int descriptor) {
  signalfd_siginfo signal{};
  if (read(descriptor, &signal, sizeof(signal)) > 0) return static_cast<int>(signal.ssi_signo);
  if (errno != EAGAIN) throw std::system_error(errno, std::generic_category(), "signalfd");
  return std::nullopt;
}

}  // namespace probes

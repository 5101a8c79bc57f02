// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/termination.h"

#include <sys/signalfd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace probes {

Termination::Termination() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  if (sigprocmask(SIG_BLOCK, &signals, nullptr) < 0)
    throw std::system_error(errno, std::generic_category(), "sigprocmask");
  fd_.reset(signalfd(-1, &signals, SFD_CLOEXEC));
  if (!fd_.valid()) throw std::system_error(errno, std::generic_category(), "signalfd");
}

}  // namespace probes

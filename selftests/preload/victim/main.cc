// SPDX-License-Identifier: GPL-2.0-only
// A program that uses epoll and knows nothing of xpoll.
#include <cstdio>
#include <exception>
#include <map>
#include <string>

#include "modes.h"

int main(int argc, char** argv) {
  using namespace victim;
  const std::map<std::string, int (*)(const Arguments&)> modes{
      {"calls", calls},
      {"syscalls", syscalls},
      {"other-syscalls", other_syscalls},
      {"foreign", foreign},
      {"bindings", bindings},
      {"sets-up-ring", set_up_ring},
      {"changes-by-ring", changes_by_ring},
      {"inherited", inherited},
      {"duplicated", duplicated},
      {"passed", passed},
      {"forked", forked},
      {"vforked", vforked},
      {"executed", executed},
      {"once", once},
      {"wiped", wiped},
      {"ghosts", ghosts},
      {"in-handler", in_handler},
      {"in-threads", in_threads},
      {"cancelled", cancelled},
      {"counted", counted},
      {"counted-unprivileged", counted_unprivileged},
      {"left-open", left_open},
      {"identity", identity},
      {"exits", exits},
      {"dies", dies},
      {"takes-signals", takes_signals},
      {"workers", workers},
      {"workers-unprivileged", workers_unprivileged},
      {"workers-daemon", workers_daemon},
      {"workers-closing", workers_closing},
  };
  try {
    return modes.at(argv[1])(Arguments(argv + 2, argv + argc));
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "victim: %s\n", failure.what());
    return 1;
  }
}

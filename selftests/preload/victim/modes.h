// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

namespace victim {

using Arguments = std::vector<std::string>;

// Each returns the program's exit status.

// All calls with valid and invalid arguments, through the C library's functions and its syscall().
int calls(const Arguments&);
int syscalls(const Arguments&);
// System calls that syscall() must pass on.
int other_syscalls(const Arguments&);

// Calls on descriptors of other types.
int foreign(const Arguments&);

// Sets up an io_uring ring and prints the result.
int set_up_ring(const Arguments&);
// Adds watches through a ring if it gets one, and aborts if that fails, like libuv.
int changes_by_ring(const Arguments&);

// Prints the library in which each of epoll's functions is found, with and without a version.
int bindings(const Arguments&);

// Uses a native instance whose descriptor number is given.
int inherited(const Arguments&);
int duplicated(const Arguments&);
int passed(const Arguments&);

int forked(const Arguments&);
int vforked(const Arguments&);
int executed(const Arguments&);
// Run by the previous two: uses one instance.
int once(const Arguments&);
// Closes a descriptor of which a forked child has a copy, and tells how many events still come.
int ghosts(const Arguments&);
// Overwrites the environment first, as servers do that change their process title.
int wiped(const Arguments&);

int in_handler(const Arguments&);
int in_threads(const Arguments&);
int cancelled(const Arguments&);

// Does a known amount of work: INSTANCES WATCHES EVENTS.
int counted(const Arguments&);
// The same as user nobody.
int counted_unprivileged(const Arguments&);
// Leaves a child behind that holds an instance until standard input is closed.
int left_open(const Arguments&);

// Prints its pid.
int identity(const Arguments&);
// Exits with that status; dies of that signal.
int exits(const Arguments&);
int dies(const Arguments&);
// Prints each signal that it receives; SIGTERM ends it with status 7.
int takes_signals(const Arguments&);

// CONNECTIONS WATCHES...: starts a worker for each number of watches, which it has from the
// beginning. Prints which worker takes each connection. Connections are made one at a time, when
// all workers wait.
int workers(const Arguments&);
// Variants: workers that run as nobody; a daemon, which starts when standard input is closed;
// workers that close their inherited descriptors.
int workers_unprivileged(const Arguments&);
int workers_daemon(const Arguments&);
int workers_closing(const Arguments&);

}  // namespace victim

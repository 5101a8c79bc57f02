// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string>
#include <vector>

namespace victim {

using Arguments = std::vector<std::string>;

// Each returns the program's exit status.

// Every call with good and bad arguments: through the C library, and through its syscall().
int calls(const Arguments&);
int syscalls(const Arguments&);
// What syscall() passes on.
int other_syscalls(const Arguments&);

// Calls on descriptors of other kinds.
int foreign(const Arguments&);

// Sets up a ring of io_uring, and says with which result.
int set_up_ring(const Arguments&);
// Watches through a ring if it gets one, and aborts if that fails, as libuv does.
int changes_by_ring(const Arguments&);

// Prints which library has each of epoll's names, with the C library's version and without.
int bindings(const Arguments&);

// On a native instance, whose descriptor is given.
int inherited(const Arguments&);
int duplicated(const Arguments&);
int passed(const Arguments&);

int forked(const Arguments&);
int vforked(const Arguments&);
int executed(const Arguments&);
// The second half of the two before: one instance.
int once(const Arguments&);
// Overwrites the environment first, as servers do that show their state in their arguments.
int wiped(const Arguments&);

int in_handler(const Arguments&);
int in_threads(const Arguments&);
int cancelled(const Arguments&);

// Exact work: INSTANCES WATCHES EVENTS.
int counted(const Arguments&);
// The same as nobody.
int counted_unprivileged(const Arguments&);
// Leaves a child behind that holds an instance until standard input ends.
int left_open(const Arguments&);

// Prints the process's number.
int identity(const Arguments&);
// Ends with that status; dies of that signal.
int exits(const Arguments&);
int dies(const Arguments&);
// Prints each signal that it takes; SIGTERM ends it with status 7.
int takes_signals(const Arguments&);

// CONNECTIONS WATCHES...: a worker for each number of watches, that it has from the beginning.
// Prints which worker takes each connection; one connection at a time, when all workers wait.
int workers(const Arguments&);
// The same with workers that are nobody; as a daemon, which begins when standard input has ended;
// without the descriptors that it inherited.
int workers_unprivileged(const Arguments&);
int workers_daemon(const Arguments&);
int workers_closing(const Arguments&);

}  // namespace victim

// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_PRELOAD_VICTIM_MODES_H
#define XPOLL_SELFTESTS_PRELOAD_VICTIM_MODES_H

#include <string>
#include <vector>

namespace victim {

using Arguments = std::vector<std::string>;

// Each returns the program's exit status.

// Every call with good and bad arguments: through the C library, and through its syscall().
int calls(const Arguments&);
int syscalls(const Arguments&);
// What syscall() passes on.
int otherSyscalls(const Arguments&);

// Calls on descriptors of other kinds.
int foreign(const Arguments&);

// Sets up a ring of io_uring, and says with which result.
int setUpRing(const Arguments&);
// Watches through a ring if it gets one, and aborts if that fails, as libuv does.
int changesByRing(const Arguments&);

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

int inHandler(const Arguments&);
int inThreads(const Arguments&);
int cancelled(const Arguments&);

// Exact work: INSTANCES WATCHES EVENTS.
int counted(const Arguments&);
// The same as nobody.
int countedUnprivileged(const Arguments&);
// Leaves a child behind that holds an instance until standard input ends.
int leftOpen(const Arguments&);

// Prints the process's number.
int identity(const Arguments&);
// Ends with that status; dies of that signal.
int exits(const Arguments&);
int dies(const Arguments&);
// Prints each signal that it takes; SIGTERM ends it with status 7.
int takesSignals(const Arguments&);

}  // namespace victim

#endif  // XPOLL_SELFTESTS_PRELOAD_VICTIM_MODES_H

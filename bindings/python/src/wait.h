/* SPDX-License-Identifier: MIT */
/* The waits of xpoll.epoll. */
#ifndef XPOLL_PYTHON_WAIT_H
#define XPOLL_PYTHON_WAIT_H

#include <Python.h>
#include <stdint.h>

/*
 * Both wait without the interpreter's lock, run Python's signal handlers when a signal interrupts
 * the wait, and wait on for the rest of the time if these raise nothing. They read *epfd just
 * before each wait, because what they convert may be objects whose methods close the instance, and
 * so may signal handlers. maxevents of -1 is FD_SETSIZE - 1. NULL: an exception is set.
 */

/* timeout is in seconds, or None, or NULL. Returns a list of pairs of descriptor and events. */
PyObject* wait_for_events(const int* epfd, PyObject* timeout, int maxevents);

/*
 * changes is an iterable of tuples (op, fd) or (op, fd, eventmask), or NULL. Returns a pair: the
 * list of events, and a list with the error number of each change, 0 for success.
 */
PyObject* enter(const int* epfd, PyObject* changes, PyObject* timeout, int maxevents, int minevents,
                int stop);

#endif /* XPOLL_PYTHON_WAIT_H */

/* SPDX-License-Identifier: MIT */
#include "wait.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/select.h>
#include <xpoll/xpoll.h>

#include "arguments.h"
#include "timeout.h"

/* Takes both references. */
static PyObject* pair(PyObject* first, PyObject* second) {
  PyObject* tuple = first && second ? PyTuple_New(2) : NULL;

  if (!tuple) {
    Py_XDECREF(first);
    Py_XDECREF(second);
    return NULL;
  }
  PyTuple_SetItem(tuple, 0, first);
  PyTuple_SetItem(tuple, 1, second);
  return tuple;
}

static PyObject* list_of_events(const struct epoll_event* events, int count) {
  PyObject* list = PyList_New(count);

  if (!list) return NULL;
  for (int i = 0; i < count; i++) {
    PyObject* event =
        pair(PyLong_FromLong(events[i].data.fd), PyLong_FromUnsignedLong(events[i].events));

    if (!event) {
      Py_DECREF(list);
      return NULL;
    }
    PyList_SetItem(list, i, event);
  }
  return list;
}

/* Returns the length of the array of events, or -1. */
static int checked_maxevents(int maxevents, int least) {
  if (maxevents == -1) return FD_SETSIZE - 1;
  if (maxevents >= least) return maxevents;
  PyErr_Format(PyExc_ValueError, "maxevents must be greater than %d, got %d", least - 1, maxevents);
  return -1;
}

/* The number of events, or -1 with an exception. */
static int wait_interruptibly(const int* epfd, struct epoll_event* events, int maxevents,
                              int64_t ns) {
  const int64_t deadline = deadline_from_timeout(ns);
  int count, ms;

  if (!timeout_to_ms(ns, &ms)) return -1;
  for (;;) {
    const int fd = *epfd;
    PyThreadState* state = PyEval_SaveThread();

    count = xpoll_wait(fd, events, maxevents, ms);
    PyEval_RestoreThread(state);
    if (count >= 0) return count;
    if (errno != EINTR) break;
    if (PyErr_CheckSignals() < 0) return -1;
    if (deadline < 0) continue;
    ns = deadline_remaining(deadline);
    if (ns < 0) return 0;
    /* Not longer than before, so it is an int. */
    timeout_to_ms(ns, &ms);
  }
  PyErr_SetFromErrno(PyExc_OSError);
  return -1;
}

PyObject* wait_for_events(const int* epfd, PyObject* timeout, int maxevents) {
  struct epoll_event* events;
  PyObject* list = NULL;
  int64_t ns;
  int count;

  if (!timeout_from_object(timeout, &ns)) return NULL;
  maxevents = checked_maxevents(maxevents, 1);
  if (maxevents < 0) return NULL;
  events = PyMem_Malloc((size_t)maxevents * sizeof(*events));
  if (!events) return PyErr_NoMemory();
  count = wait_interruptibly(epfd, events, maxevents, ns);
  if (count >= 0) list = list_of_events(events, count);
  PyMem_Free(events);
  return list;
}

static bool change_from_object(PyObject* object, struct xpoll_change* change) {
  const Py_ssize_t size = PyTuple_Check(object) ? PyTuple_Size(object) : 0;
  uint32_t events = 0;
  int op;

  if (size != 2 && size != 3) {
    PyErr_SetString(PyExc_TypeError, "a change must be a tuple (op, fd) or (op, fd, eventmask)");
    return false;
  }
  if (!int_from_object(PyTuple_GetItem(object, 0), &op)) return false;
  if (op < 0 || op > UINT16_MAX) {
    PyErr_Format(PyExc_ValueError, "invalid operation: %d", op);
    return false;
  }
  change->fd = PyObject_AsFileDescriptor(PyTuple_GetItem(object, 1));
  if (change->fd < 0) return false;
  if (size == 3 && !mask_from_object(PyTuple_GetItem(object, 2), &events)) return false;
  change->op = (uint16_t)op;
  change->events = events;
  /* What epoll_data_t has as fd. */
  change->data = (uint32_t)change->fd;
  return true;
}

/* Returns an array to free, or NULL with an exception. */
static struct xpoll_change* changes_from_tuple(PyObject* tuple, Py_ssize_t count) {
  struct xpoll_change* changes = PyMem_Calloc((size_t)count, sizeof(*changes));

  if (!changes) {
    PyErr_NoMemory();
    return NULL;
  }
  for (Py_ssize_t i = 0; i < count; i++) {
    if (!change_from_object(PyTuple_GetItem(tuple, i), &changes[i])) {
      PyMem_Free(changes);
      return NULL;
    }
  }
  return changes;
}

static PyObject* list_of_results(const struct xpoll_change* changes, uint32_t count) {
  PyObject* list = PyList_New(count);

  if (!list) return NULL;
  for (uint32_t i = 0; i < count; i++) {
    PyObject* result = PyLong_FromLong(-(long)changes[i].result);

    if (!result) {
      Py_DECREF(list);
      return NULL;
    }
    PyList_SetItem(list, i, result);
  }
  return list;
}

/* The number of events, or -1 with an exception. Stores the number of changes made. */
static int enter_interruptibly(const int* epfd, struct xpoll_enter* call, uint32_t* done) {
  int count;

  *done = 0;
  for (;;) {
    const int fd = *epfd;
    PyThreadState* state = PyEval_SaveThread();

    count = xpoll_enter(fd, call);
    PyEval_RestoreThread(state);
    if (count < 0 && errno != EINTR) break;
    /* After EINTR the changes have been made, and are not made again. */
    *done += call->done;
    call->nchanges = 0;
    if (count >= 0) return count;
    if (PyErr_CheckSignals() < 0) return -1;
  }
  PyErr_SetFromErrno(PyExc_OSError);
  return -1;
}

static PyObject* enter_with(const int* epfd, struct xpoll_change* changes, Py_ssize_t count,
                            struct epoll_event* events, struct xpoll_enter call) {
  uint32_t done;
  int ready;

  call.changes = (uintptr_t)changes;
  call.nchanges = (uint32_t)count;
  call.events = (uintptr_t)events;
  ready = enter_interruptibly(epfd, &call, &done);
  return ready < 0 ? NULL : pair(list_of_events(events, ready), list_of_results(changes, done));
}

/* The same with the changes of a tuple. */
static PyObject* enter_with_tuple(const int* epfd, PyObject* tuple,
                                  const struct xpoll_enter* call) {
  const Py_ssize_t count = PyTuple_Size(tuple);
  struct epoll_event* events;
  struct xpoll_change* changes;
  PyObject* result = NULL;

  if (count > XPOLL_CHANGES_MAX)
    return PyErr_Format(PyExc_ValueError, "more than %d changes: %zd", XPOLL_CHANGES_MAX, count);
  changes = changes_from_tuple(tuple, count);
  if (!changes) return NULL;
  events = PyMem_Malloc((size_t)call->maxevents * sizeof(*events));
  if (events)
    result = enter_with(epfd, changes, count, events, *call);
  else
    PyErr_NoMemory();
  PyMem_Free(events);
  PyMem_Free(changes);
  return result;
}

PyObject* enter(const int* epfd, PyObject* changes, PyObject* timeout, int maxevents, int minevents,
                int stop) {
  struct xpoll_enter call = {.flags = XPOLL_ENTER_ABSTIME | (stop ? XPOLL_ENTER_STOP : 0)};
  PyObject *tuple, *result;
  int64_t ns;

  if (!timeout_from_object(timeout, &ns)) return NULL;
  maxevents = checked_maxevents(maxevents, 0);
  if (maxevents < 0) return NULL;
  if (minevents < 0 || minevents > maxevents)
    return PyErr_Format(PyExc_ValueError, "minevents must be between 0 and maxevents, got %d",
                        minevents);
  tuple = changes ? PySequence_Tuple(changes) : PyTuple_New(0);
  if (!tuple) return NULL;
  call.maxevents = maxevents;
  call.minevents = (uint32_t)minevents;
  call.timeout_ns = deadline_from_timeout(ns);
  result = enter_with_tuple(epfd, tuple, &call);
  Py_DECREF(tuple);
  return result;
}

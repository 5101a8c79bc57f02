/* SPDX-License-Identifier: MIT */
#include "epoll.h"

#include <errno.h>
#include <stdbool.h>
#include <unistd.h>
#include <xpoll/xpoll.h>

#include "arguments.h"
#include "wait.h"

#define MASK_DEFAULT ((uint32_t)(EPOLLIN | EPOLLPRI | EPOLLOUT))

struct epoll {
  PyObject ob_base;
  /* -1 once it is closed. Read and written with the interpreter's lock held. */
  int epfd;
};

/* The descriptor, or -1 with an exception if the object is closed. */
static int descriptor_of(PyObject* self) {
  const int epfd = ((struct epoll*)self)->epfd;

  if (epfd < 0) PyErr_SetString(PyExc_ValueError, "I/O operation on closed epoll object");
  return epfd;
}

/* None if ret is 0. If it is -1, an OSError of this errno. */
static PyObject* none_or_error(int ret) {
  if (ret < 0) return PyErr_SetFromErrno(PyExc_OSError);
  Py_RETURN_NONE;
}

static PyObject* allocate(PyTypeObject* type) {
  const allocfunc alloc = (allocfunc)PyType_GetSlot(type, Py_tp_alloc);
  PyObject* self = alloc(type, 0);

  if (self) ((struct epoll*)self)->epfd = -1;
  return self;
}

static PyObject* epoll_new(PyTypeObject* type, PyObject* args, PyObject* keywords) {
  static char* names[] = {"sizehint", "flags", NULL};
  int epfd, sizehint = -1, flags = 0;
  PyThreadState* state;
  PyObject* self;

  if (!PyArg_ParseTupleAndKeywords(args, keywords, "|ii:epoll", names, &sizehint, &flags))
    return NULL;
  if (sizehint <= 0 && sizehint != -1) {
    PyErr_SetString(PyExc_ValueError, "negative sizehint");
    return NULL;
  }
  if (flags && flags != EPOLL_CLOEXEC) {
    PyErr_SetString(PyExc_OSError, "invalid flags");
    return NULL;
  }
  self = allocate(type);
  if (!self) return NULL;
  state = PyEval_SaveThread();
  epfd = xpoll_create1(EPOLL_CLOEXEC);
  PyEval_RestoreThread(state);
  if (epfd < 0) {
    PyErr_SetFromErrno(PyExc_OSError);
    Py_DECREF(self);
    return NULL;
  }
  ((struct epoll*)self)->epfd = epfd;
  return self;
}

static PyObject* epoll_fromfd(PyObject* type, PyObject* number) {
  PyObject* self;
  int epfd;

  if (!int_from_object(number, &epfd)) return NULL;
  if (epfd < 0) {
    errno = EBADF;
    return PyErr_SetFromErrno(PyExc_OSError);
  }
  self = allocate((PyTypeObject*)type);
  if (self) ((struct epoll*)self)->epfd = epfd;
  return self;
}

/* As close() of select.epoll it does not tell of errors, of which EBADF is the only one. */
static void close_descriptor(struct epoll* self) {
  const int epfd = self->epfd;
  PyThreadState* state;

  if (epfd < 0) return;
  self->epfd = -1;
  state = PyEval_SaveThread();
  close(epfd);
  PyEval_RestoreThread(state);
}

static void epoll_dealloc(PyObject* self) {
  PyTypeObject* type = Py_TYPE(self);
  const freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);

  close_descriptor((struct epoll*)self);
  release(self);
  Py_DECREF(type);
}

static PyObject* epoll_close(PyObject* self, PyObject* nothing) {
  (void)nothing;
  close_descriptor((struct epoll*)self);
  Py_RETURN_NONE;
}

static PyObject* epoll_enter_context(PyObject* self, PyObject* nothing) {
  (void)nothing;
  if (descriptor_of(self) < 0) return NULL;
  Py_INCREF(self);
  return self;
}

static PyObject* epoll_exit_context(PyObject* self, PyObject* const* args, Py_ssize_t nargs) {
  (void)args;
  if (nargs > 3) {
    PyErr_Format(PyExc_TypeError, "__exit__ expected at most 3 arguments, got %zd", nargs);
    return NULL;
  }
  return epoll_close(self, NULL);
}

static PyObject* epoll_fileno(PyObject* self, PyObject* nothing) {
  const int epfd = descriptor_of(self);

  (void)nothing;
  return epfd < 0 ? NULL : PyLong_FromLong(epfd);
}

static PyObject* epoll_closed(PyObject* self, void* closure) {
  (void)closure;
  return PyBool_FromLong(((struct epoll*)self)->epfd < 0);
}

static PyObject* control(PyObject* self, int op, PyObject* file, uint32_t mask) {
  struct epoll_event event = {.events = mask};
  const int fd = PyObject_AsFileDescriptor(file);
  PyThreadState* state;
  int epfd, ret;

  if (fd < 0) return NULL;
  /* After the conversion, which may have called a fileno() that closed this object. */
  epfd = descriptor_of(self);
  if (epfd < 0) return NULL;
  event.data.fd = fd;
  state = PyEval_SaveThread();
  ret = xpoll_ctl(epfd, op, fd, &event);
  PyEval_RestoreThread(state);
  return none_or_error(ret);
}

static const char* const fd_and_mask[] = {"fd", "eventmask"};

static PyObject* epoll_register(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                                PyObject* keywords) {
  static const struct signature signature = {"register", fd_and_mask, 2, 1, 2};
  PyObject* values[2];
  uint32_t mask = MASK_DEFAULT;

  if (!arguments_parse(&signature, args, nargs, keywords, values)) return NULL;
  if (values[1] && !mask_from_object(values[1], &mask)) return NULL;
  return control(self, EPOLL_CTL_ADD, values[0], mask);
}

static PyObject* epoll_modify(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                              PyObject* keywords) {
  static const struct signature signature = {"modify", fd_and_mask, 2, 2, 2};
  PyObject* values[2];
  uint32_t mask;

  if (!arguments_parse(&signature, args, nargs, keywords, values)) return NULL;
  if (!mask_from_object(values[1], &mask)) return NULL;
  return control(self, EPOLL_CTL_MOD, values[0], mask);
}

static PyObject* epoll_unregister(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                                  PyObject* keywords) {
  static const struct signature signature = {"unregister", fd_and_mask, 1, 1, 1};
  PyObject* file;

  if (!arguments_parse(&signature, args, nargs, keywords, &file)) return NULL;
  return control(self, EPOLL_CTL_DEL, file, 0);
}

static PyObject* epoll_poll(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                            PyObject* keywords) {
  static const char* const names[] = {"timeout", "maxevents"};
  static const struct signature signature = {"poll", names, 2, 0, 2};
  PyObject* values[2];
  int maxevents = -1;

  if (!arguments_parse(&signature, args, nargs, keywords, values)) return NULL;
  if (values[1] && !int_from_object(values[1], &maxevents)) return NULL;
  if (descriptor_of(self) < 0) return NULL;
  return wait_for_events(&((struct epoll*)self)->epfd, values[0], maxevents);
}

static PyObject* epoll_enter(PyObject* self, PyObject* const* args, Py_ssize_t nargs,
                             PyObject* keywords) {
  static const char* const names[] = {"changes", "timeout", "maxevents", "minevents", "stop"};
  static const struct signature signature = {"enter", names, ARGUMENTS_MAX, 0, 3};
  PyObject* values[ARGUMENTS_MAX];
  int maxevents = -1, minevents = 0, stop = 0;

  if (!arguments_parse(&signature, args, nargs, keywords, values)) return NULL;
  if (values[2] && !int_from_object(values[2], &maxevents)) return NULL;
  if (values[3] && !int_from_object(values[3], &minevents)) return NULL;
  if (values[4]) stop = PyObject_IsTrue(values[4]);
  if (stop < 0) return NULL;
  if (descriptor_of(self) < 0) return NULL;
  return enter(&((struct epoll*)self)->epfd, values[0], values[1], maxevents, minevents, stop);
}

static PyObject* epoll_post(PyObject* self, PyObject* object) {
  epoll_data_t data = {.u64 = 0};
  PyThreadState* state;
  int epfd, number, ret;

  if (!int_from_object(object, &number)) return NULL;
  epfd = descriptor_of(self);
  if (epfd < 0) return NULL;
  data.fd = number;
  state = PyEval_SaveThread();
  ret = xpoll_post(epfd, data.u64);
  PyEval_RestoreThread(state);
  return none_or_error(ret);
}

#define WITH_KEYWORDS(function) ((PyCFunction)(void (*)(void))(function))

PyDoc_STRVAR(fromfd_doc,
             "fromfd($type, fd, /)\n--\n\n"
             "Make an object of the descriptor of an instance, of xpoll or of native epoll.\n\n"
             "The object closes the descriptor.");
PyDoc_STRVAR(close_doc,
             "close($self, /)\n--\n\n"
             "Close the descriptor. Other methods raise ValueError then.");
PyDoc_STRVAR(fileno_doc, "fileno($self, /)\n--\n\nReturn the descriptor.");
PyDoc_STRVAR(register_doc,
             "register($self, /, fd, eventmask=EPOLLIN | EPOLLPRI | EPOLLOUT)\n--\n\n"
             "Watch a descriptor, or an object with fileno().\n\n"
             "OSError (FileExistsError) if the descriptor is watched already, PermissionError if\n"
             "it is that of a regular file or a directory; xpoll_ctl(3) has the other errors.");
PyDoc_STRVAR(modify_doc,
             "modify($self, /, fd, eventmask)\n--\n\n"
             "Change the events of a watched descriptor, and arm it again after EPOLLONESHOT.");
PyDoc_STRVAR(unregister_doc, "unregister($self, /, fd)\n--\n\nEnd the watch of a descriptor.");
PyDoc_STRVAR(poll_doc,
             "poll($self, /, timeout=None, maxevents=-1)\n--\n\n"
             "Wait for events, and return a list of pairs (fd, events).\n\n"
             "timeout is in seconds and is rounded up to milliseconds. None or a negative one:\n"
             "no limit. maxevents limits the length of the list; -1 stands for FD_SETSIZE - 1.\n"
             "A signal whose handler raises nothing does not end the wait.");
PyDoc_STRVAR(enter_doc,
             "enter($self, /, changes=(), timeout=None, maxevents=-1, *, minevents=0, stop=False)"
             "\n--\n\n"
             "Make changes, then wait as poll() does, in one system call.\n\n"
             "changes has up to 4096 tuples (op, fd, eventmask), whose op is EPOLL_CTL_ADD,\n"
             "EPOLL_CTL_MOD, EPOLL_CTL_DEL, which needs no eventmask, or XPOLL_CTL_UPSERT: change\n"
             "the watch if there is one, otherwise add it.\n\n"
             "timeout is in seconds from the call on, and is rounded up to nanoseconds. The wait\n"
             "ends when minevents watches are ready at once. With a maxevents of 0 there is no\n"
             "wait. With stop the first change that fails is the last one, and the call does not\n"
             "sleep.\n\n"
             "Returns (events, results): the list that poll() would return, and a list with the\n"
             "number of the error, 0 for none, of each change that was made. A change that fails\n"
             "raises nothing. If a signal handler raises an exception, the changes are made and\n"
             "their results lost.\n\n"
             "On an instance of native epoll the method makes a call for each change, and a\n"
             "single event ends the wait.");
PyDoc_STRVAR(post_doc,
             "post($self, number, /)\n--\n\n"
             "Let one poll() return (number, EPOLLIN).\n\n"
             "number is an int of 32 bits; a negative one can't be taken for a descriptor. Before\n"
             "it is delivered, another post() replaces it. May be called in any thread.\n"
             "OSError on an instance of native epoll.");

static PyMethodDef methods[] = {
    {"fromfd", epoll_fromfd, METH_O | METH_CLASS, fromfd_doc},
    {"close", epoll_close, METH_NOARGS, close_doc},
    {"fileno", epoll_fileno, METH_NOARGS, fileno_doc},
    {"register", WITH_KEYWORDS(epoll_register), METH_FASTCALL | METH_KEYWORDS, register_doc},
    {"modify", WITH_KEYWORDS(epoll_modify), METH_FASTCALL | METH_KEYWORDS, modify_doc},
    {"unregister", WITH_KEYWORDS(epoll_unregister), METH_FASTCALL | METH_KEYWORDS, unregister_doc},
    {"poll", WITH_KEYWORDS(epoll_poll), METH_FASTCALL | METH_KEYWORDS, poll_doc},
    {"enter", WITH_KEYWORDS(epoll_enter), METH_FASTCALL | METH_KEYWORDS, enter_doc},
    {"post", epoll_post, METH_O, post_doc},
    {"__enter__", epoll_enter_context, METH_NOARGS, NULL},
    {"__exit__", WITH_KEYWORDS(epoll_exit_context), METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef properties[] = {
    {"closed", epoll_closed, NULL, "Whether the object is closed.", NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

PyDoc_STRVAR(
    epoll_doc,
    "epoll(sizehint=-1, flags=0)\n--\n\n"
    "An instance of xpoll, with the methods of select.epoll, and enter() and post().\n\n"
    "sizehint has no effect, and flags may be EPOLL_CLOEXEC, which is always set. OSError\n"
    "(FileNotFoundError) if the module is not loaded; xpoll_create1(3) has the others.\n\n"
    "Any number of threads may use an object at once. As with select.epoll, close() does\n"
    "not end another thread's poll(); post() does.");

static PyType_Slot slots[] = {
    {Py_tp_new, epoll_new},     {Py_tp_dealloc, epoll_dealloc}, {Py_tp_methods, methods},
    {Py_tp_getset, properties}, {Py_tp_doc, (void*)epoll_doc},  {0, NULL},
};

PyType_Spec epoll_spec = {
    .name = "xpoll.epoll",
    .basicsize = sizeof(struct epoll),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = slots,
};

/* SPDX-License-Identifier: MIT */
/* The module xpoll._xpoll, with all that the package xpoll offers but what is written in Python. */
#include <Python.h>
#include <xpoll/xpoll.h>

#include "epoll.h"

static const struct {
  const char* name;
  unsigned int value;
} constants[] = {
    {"EPOLLIN", EPOLLIN},
    {"EPOLLOUT", EPOLLOUT},
    {"EPOLLPRI", EPOLLPRI},
    {"EPOLLERR", EPOLLERR},
    {"EPOLLHUP", EPOLLHUP},
    {"EPOLLRDHUP", EPOLLRDHUP},
    {"EPOLLET", EPOLLET},
    {"EPOLLONESHOT", EPOLLONESHOT},
    {"EPOLLEXCLUSIVE", EPOLLEXCLUSIVE},
    {"EPOLLWAKEUP", EPOLLWAKEUP},
    {"EPOLLRDNORM", EPOLLRDNORM},
    {"EPOLLRDBAND", EPOLLRDBAND},
    {"EPOLLWRNORM", EPOLLWRNORM},
    {"EPOLLWRBAND", EPOLLWRBAND},
    {"EPOLLMSG", EPOLLMSG},
    {"EPOLL_CLOEXEC", EPOLL_CLOEXEC},
    {"EPOLL_CTL_ADD", EPOLL_CTL_ADD},
    {"EPOLL_CTL_MOD", EPOLL_CTL_MOD},
    {"EPOLL_CTL_DEL", EPOLL_CTL_DEL},
    {"XPOLL_CTL_UPSERT", XPOLL_CTL_UPSERT},
};

static int add_type(PyObject* module, PyType_Spec* spec) {
  PyObject* type = PyType_FromModuleAndSpec(module, spec, NULL);
  int ret;

  if (!type) return -1;
  ret = PyModule_AddType(module, (PyTypeObject*)type);
  Py_DECREF(type);
  return ret;
}

static int execute(PyObject* module) {
  for (size_t i = 0; i < sizeof(constants) / sizeof(constants[0]); i++)
    if (PyModule_AddIntConstant(module, constants[i].name, (long)constants[i].value) < 0) return -1;
  if (PyModule_AddStringConstant(module, "__version__", XPOLL_VERSION) < 0) return -1;
  return add_type(module, &epoll_spec);
}

static PyModuleDef_Slot slots[] = {
    {Py_mod_exec, execute},
    {0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT,
    .m_name = "xpoll._xpoll",
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__xpoll(void) { return PyModuleDef_Init(&definition); }

/* SPDX-License-Identifier: MIT */
/* The type xpoll.epoll. */
#ifndef XPOLL_PYTHON_EPOLL_H
#define XPOLL_PYTHON_EPOLL_H

#include <Python.h>

extern PyType_Spec epoll_spec;

#endif /* XPOLL_PYTHON_EPOLL_H */

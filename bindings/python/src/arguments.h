/* SPDX-License-Identifier: MIT */
/*
 * Arguments of methods with METH_FASTCALL | METH_KEYWORDS. A function that fails returns false with
 * an exception set.
 */
#ifndef XPOLL_PYTHON_ARGUMENTS_H
#define XPOLL_PYTHON_ARGUMENTS_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

struct signature {
  const char* name;
  /* Names of the parameters, at most ARGUMENTS_MAX. */
  const char* const* parameters;
  int count;
  /* The first ones must be given. */
  int required;
  /* The ones after these must be given by keyword. */
  int positional;
};

#define ARGUMENTS_MAX 5

/*
 * Stores each parameter's argument, or NULL, in values. The references are borrowed from the call.
 */
bool arguments_parse(const struct signature* signature, PyObject* const* args, Py_ssize_t nargs,
                     PyObject* keywords, PyObject** values);

/* An int; anything else that is no index is a TypeError, one out of range an OverflowError. */
bool int_from_object(PyObject* object, int* value);

/* The low 32 bits of an int. */
bool mask_from_object(PyObject* object, uint32_t* mask);

#endif /* XPOLL_PYTHON_ARGUMENTS_H */

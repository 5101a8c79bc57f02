/* SPDX-License-Identifier: MIT */
#include "arguments.h"

#include <limits.h>

static int parameter_named(const struct signature* signature, PyObject* name) {
  for (int i = 0; i < signature->count; i++)
    if (PyUnicode_CompareWithASCIIString(name, signature->parameters[i]) == 0) return i;
  return -1;
}

static bool parse_keywords(const struct signature* signature, PyObject* const* args,
                           PyObject* keywords, PyObject** values) {
  const Py_ssize_t count = PyTuple_Size(keywords);

  for (Py_ssize_t i = 0; i < count; i++) {
    PyObject* name = PyTuple_GetItem(keywords, i);
    const int parameter = parameter_named(signature, name);

    if (parameter < 0) {
      PyErr_Format(PyExc_TypeError, "'%U' is an invalid keyword argument for %s()", name,
                   signature->name);
      return false;
    }
    if (values[parameter]) {
      PyErr_Format(PyExc_TypeError, "argument for %s() given by name ('%U') and position",
                   signature->name, name);
      return false;
    }
    values[parameter] = args[i];
  }
  return true;
}

bool arguments_parse(const struct signature* signature, PyObject* const* args, Py_ssize_t nargs,
                     PyObject* keywords, PyObject** values) {
  if (nargs > signature->positional) {
    PyErr_Format(PyExc_TypeError, "%s() takes at most %d positional arguments (%zd given)",
                 signature->name, signature->positional, nargs);
    return false;
  }
  for (int i = 0; i < signature->count; i++) values[i] = i < nargs ? args[i] : NULL;
  if (keywords && !parse_keywords(signature, args + nargs, keywords, values)) return false;
  for (int i = 0; i < signature->required; i++) {
    if (values[i]) continue;
    PyErr_Format(PyExc_TypeError, "%s() missing required argument '%s' (pos %d)", signature->name,
                 signature->parameters[i], i + 1);
    return false;
  }
  return true;
}

bool int_from_object(PyObject* object, int* value) {
  const long number = PyLong_AsLong(object);

  if (number == -1 && PyErr_Occurred()) return false;
  if (number < INT_MIN || number > INT_MAX) {
    PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
    return false;
  }
  *value = (int)number;
  return true;
}

bool mask_from_object(PyObject* object, uint32_t* mask) {
  const unsigned long number = PyLong_AsUnsignedLongMask(object);

  if (number == (unsigned long)-1 && PyErr_Occurred()) return false;
  *mask = (uint32_t)number;
  return true;
}

/* SPDX-License-Identifier: MIT */
#include "timeout.h"

#include <limits.h>
#include <math.h>
#include <time.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_SEC INT64_C(1000000000)

static bool too_large(void) {
  PyErr_SetString(PyExc_OverflowError, "timeout is too large");
  return false;
}

static bool from_float(double seconds, int64_t* ns) {
  const double exact = seconds * (double)NS_PER_SEC;
  const double rounded = exact >= 0 ? ceil(exact) : floor(exact);

  if (isnan(seconds)) {
    PyErr_SetString(PyExc_ValueError, "Invalid value NaN (not a number)");
    return false;
  }
  /* -2^63 would be taken for None. */
  if (rounded <= -0x1p63 || rounded >= 0x1p63) return too_large();
  *ns = (int64_t)rounded;
  return true;
}

bool timeout_from_object(PyObject* object, int64_t* ns) {
  long long seconds;

  if (!object || object == Py_None) {
    *ns = INT64_MIN;
    return true;
  }
  if (PyFloat_Check(object)) return from_float(PyFloat_AsDouble(object), ns);
  seconds = PyLong_AsLongLong(object);
  if (seconds == -1 && PyErr_Occurred()) {
    if (PyErr_ExceptionMatches(PyExc_TypeError))
      PyErr_SetString(PyExc_TypeError, "timeout must be an integer or None");
    return false;
  }
  return __builtin_mul_overflow(seconds, NS_PER_SEC, ns) ? too_large() : true;
}

bool timeout_to_ms(int64_t ns, int* ms) {
  /* The division rounds towards zero, so negative values are rounded up by it. */
  const int64_t rounded = ns / NS_PER_MS + (ns % NS_PER_MS > 0);

  if (ns == INT64_MIN) {
    *ms = -1;
    return true;
  }
  if (rounded < INT_MIN || rounded > INT_MAX) return too_large();
  *ms = (int)rounded;
  return true;
}

static int64_t monotonic_now(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * NS_PER_SEC + now.tv_nsec;
}

int64_t deadline_from_timeout(int64_t ns) {
  int64_t deadline;

  if (ns < 0) return -1;
  return __builtin_add_overflow(monotonic_now(), ns, &deadline) ? INT64_MAX : deadline;
}

int64_t deadline_remaining(int64_t deadline) { return deadline - monotonic_now(); }

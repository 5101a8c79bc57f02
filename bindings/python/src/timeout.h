/* SPDX-License-Identifier: MIT */
/* Timeouts in seconds, as Python has them, and in nanoseconds on CLOCK_MONOTONIC. */
#ifndef XPOLL_PYTHON_TIMEOUT_H
#define XPOLL_PYTHON_TIMEOUT_H

#include <Python.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Converts None (NULL too), an int or a float. None is INT64_MIN, which is as good as any negative
 * timeout: no limit. Fractions of a nanosecond are rounded away from zero. Otherwise the function
 * returns false, with TypeError, ValueError (NaN) or OverflowError (292 years or more) set.
 */
bool timeout_from_object(PyObject* object, int64_t* ns);

/* Rounded up. Returns false, with OverflowError set, if the result is no int. */
bool timeout_to_ms(int64_t ns, int* ms);

/* The time at which a timeout of ns, which starts now, expires. Negative if ns is: no limit. */
int64_t deadline_from_timeout(int64_t ns);

/* What remains until a deadline, which is not negative. Negative if it is past. */
int64_t deadline_remaining(int64_t deadline);

#endif /* XPOLL_PYTHON_TIMEOUT_H */

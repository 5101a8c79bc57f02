/* SPDX-License-Identifier: MIT */
#include "system_call.h"

#include <errno.h>

long system_call_failed(long error) {
  errno = (int)-error;
  return -1;
}

/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_PRELOAD_SETTINGS_H
#define XPOLL_PRELOAD_SETTINGS_H

#include <stdbool.h>

#include "../src/create.h"

/* What the environment asks for. */
struct settings {
  bool fallback; /* XPOLL_FALLBACK=1: make native instances where /dev/xpoll can't be had */
  bool io_uring; /* XPOLL_IO_URING=1: let the program set up rings */
  /* XPOLL_GROUP, XPOLL_GROUP_KEY: count instances in this group */
  struct xpoll_group group;
};

/* Read once, when the library is loaded or used before that: programs overwrite their environment.
 */
struct settings settings_get(void);

#endif /* XPOLL_PRELOAD_SETTINGS_H */

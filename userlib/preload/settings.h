/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_PRELOAD_SETTINGS_H
#define XPOLL_PRELOAD_SETTINGS_H

#include <stdbool.h>

#include "../src/create.h"

#define RING_REFUSALS_KNOWN (UINT32_C(1) << 20)

/* What the environment asks for. */
struct settings {
  bool fallback;      /* XPOLL_FALLBACK=1: make native instances where /dev/xpoll can't be had */
  bool io_uring;      /* XPOLL_IO_URING=1: let the program set up rings */
  bool close_removes; /* XPOLL_CLOSE_REMOVES=1: watches end with their descriptors */
  /* XPOLL_RING_REFUSALS: the abstract socket, a number of 5 digits, that counts rings refused */
  uint32_t ring_refusals; /* with RING_REFUSALS_KNOWN, or 0 for none */
  /* XPOLL_GROUP, XPOLL_GROUP_KEY: count instances in this group */
  struct xpoll_group group;
};

/* Read once, when the library is loaded or used before that: programs overwrite their environment.
 */
struct settings settings_get(void);

#endif /* XPOLL_PRELOAD_SETTINGS_H */

/* SPDX-License-Identifier: MIT */
#ifndef XPOLL_PRELOAD_SETTINGS_H
#define XPOLL_PRELOAD_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/* What the environment asks for. */
struct settings {
  bool fallback;  /* XPOLL_FALLBACK=1: make native instances where /dev/xpoll can't be had */
  uint32_t group; /* XPOLL_GROUP: count instances in this group, 0 for none */
};

/* Read once, when the library is loaded or used before that: programs overwrite their environment.
 */
struct settings settings_get(void);

#endif /* XPOLL_PRELOAD_SETTINGS_H */

/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * In one word, so that a thread or signal handler sees all of it or nothing; whoever comes
 * meanwhile reads the same environment and stores the same word.
 */
#define KNOWN (UINT64_C(1) << 33)
#define FALLBACK (UINT64_C(1) << 32)
#define GROUP UINT64_C(0xffffffff)

static _Atomic uint64_t known_settings;

static uint64_t group_from(const char* text) {
  char* end;
  unsigned long number;

  if (!text || *text < '0' || *text > '9') return 0;
  number = strtoul(text, &end, 10);
  return *end || number > GROUP ? 0 : number;
}

static uint64_t read_environment(void) {
  const char* fallback = getenv("XPOLL_FALLBACK");

  return group_from(getenv("XPOLL_GROUP")) | (fallback && !strcmp(fallback, "1") ? FALLBACK : 0);
}

struct settings settings_get(void) {
  uint64_t word = atomic_load_explicit(&known_settings, memory_order_relaxed);

  if (!word) {
    word = read_environment();
    /* Before the C library has set environ up, in a program's preinit functions, nothing is known.
     */
    if (environ) atomic_store_explicit(&known_settings, word | KNOWN, memory_order_relaxed);
  }
  return (struct settings){.fallback = word & FALLBACK, .group = (uint32_t)(word & GROUP)};
}

__attribute__((constructor)) static void read_settings(void) { settings_get(); }

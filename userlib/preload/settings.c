/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/*
 * In one word, so that a thread or signal handler sees all of it or nothing; whoever comes
 * meanwhile reads the same environment and stores the same word. The key has a word of its own,
 * which is stored first.
 */
#define IO_URING (UINT64_C(1) << 34)
#define KNOWN (UINT64_C(1) << 33)
#define FALLBACK (UINT64_C(1) << 32)
#define RING_REFUSALS_SHIFT 35
#define RING_REFUSALS UINT64_C(0x1fffff)
#define CLOSE_REMOVES (UINT64_C(1) << 56)
#define GROUP UINT64_C(0xffffffff)

static _Atomic uint64_t known_settings;
static _Atomic uint64_t known_key;

/* 0 for what is no number, or one that is larger than most. */
static uint64_t number_from(const char* text, int base, uint64_t most) {
  char* end;
  unsigned long long number;

  if (!text || !isxdigit((unsigned char)*text)) return 0;
  number = strtoull(text, &end, base);
  return *end || number > most ? 0 : number;
}

static uint64_t ring_refusals_from(const char* text) {
  char* end;
  unsigned long number;

  if (!text) return 0;
  number = strtoul(text, &end, 16);
  return end == text + 5 && !*end ? number | RING_REFUSALS_KNOWN : 0;
}

/*
 * secure_getenv(): /etc/ld.so.preload puts the library into programs that gain privilege as well,
 * and the user who starts one must not choose for it.
 */
static bool is_set(const char* name) {
  const char* value = secure_getenv(name);

  return value && !strcmp(value, "1");
}

static uint64_t read_environment(void) {
  return number_from(secure_getenv("XPOLL_GROUP"), 10, GROUP) |
         (is_set("XPOLL_FALLBACK") ? FALLBACK : 0) | (is_set("XPOLL_IO_URING") ? IO_URING : 0) |
         (is_set("XPOLL_CLOSE_REMOVES") ? CLOSE_REMOVES : 0) |
         ring_refusals_from(secure_getenv("XPOLL_RING_REFUSALS")) << RING_REFUSALS_SHIFT;
}

static uint64_t read_key(void) {
  return number_from(secure_getenv("XPOLL_GROUP_KEY"), 16, UINT64_MAX);
}

struct settings settings_get(void) {
  uint64_t word = atomic_load_explicit(&known_settings, memory_order_acquire);
  uint64_t key = atomic_load_explicit(&known_key, memory_order_relaxed);

  if (!word) {
    word = read_environment();
    key = read_key();
    /* Before the C library has set environ up, in a program's preinit functions, nothing is known.
     */
    if (environ) {
      atomic_store_explicit(&known_key, key, memory_order_relaxed);
      atomic_store_explicit(&known_settings, word | KNOWN, memory_order_release);
    }
  }
  return (struct settings){.fallback = word & FALLBACK,
                           .io_uring = word & IO_URING,
                           .close_removes = word & CLOSE_REMOVES,
                           .ring_refusals = (word >> RING_REFUSALS_SHIFT) & RING_REFUSALS,
                           .group = {.number = (uint32_t)(word & GROUP), .key = key}};
}

__attribute__((constructor)) static void read_settings(void) { settings_get(); }

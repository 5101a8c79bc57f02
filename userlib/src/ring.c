/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xpoll/ring.h>

#include "create.h"

static void* map(int epfd, size_t size) {
  return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, epfd, XPOLL_RING_OFFSET);
}

/* The ring's size is in its first page. Returns 0 if that can't be mapped. */
static size_t size_of_ring(int epfd) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  struct xpoll_ring_header* header = map(epfd, page);
  size_t size;

  if (header == MAP_FAILED) return 0;
  size = header->size;
  munmap(header, page);
  return size;
}

int xpoll_ring_create(uint32_t slots, int flags) { return xpoll_create_with_ring(flags, slots); }

int xpoll_ring_map(int epfd, struct xpoll_ring* ring) {
  const size_t size = size_of_ring(epfd);
  char* start;

  if (!size) return -1;
  start = map(epfd, size);
  if (start == MAP_FAILED) return -1;
  ring->header = (struct xpoll_ring_header*)start;
  ring->slots = (struct xpoll_ring_slot*)(start + ring->header->slots_offset);
  ring->index = (const uint32_t*)(start + ring->header->index_offset);
  ring->mask = ring->header->slots - 1;
  return 0;
}

int xpoll_ring_unmap(const struct xpoll_ring* ring) {
  return munmap(ring->header, ring->header->size);
}

int xpoll_ring_wait(int epfd, uint32_t minevents, int64_t timeout_ns) {
  struct xpoll_enter enter = {
      .timeout_ns = timeout_ns, .minevents = minevents, .flags = XPOLL_ENTER_RING};

  return xpoll_enter(epfd, &enter);
}

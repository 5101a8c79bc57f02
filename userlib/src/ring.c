/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xpoll/ring.h>

#include "create.h"
#include "instance.h"

static void* map(int epfd, size_t size) {
  return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, epfd, XPOLL_RING_OFFSET);
}

/* What the header says is read once: whoever has the ring mapped can change it. */
static uint32_t load(const uint32_t* word) { return __atomic_load_n(word, __ATOMIC_RELAXED); }

/*
 * The ring's size is in its first page. Returns 0 if that can't be mapped. Nothing is read before
 * the kernel has said that epfd is an instance: a regular file may be shorter, and a driver may act on it.
 */
static size_t size_of_ring(int epfd) {
  const size_t page = (size_t)sysconf(_SC_PAGESIZE);
  struct xpoll_ring_header* header = map(epfd, page);
  size_t size;

  if (header == MAP_FAILED) return 0;
  size = xpoll_is_instance(epfd) ? load(&header->size) : 0;
  munmap(header, page);
  if (size < sizeof(*header)) {
    errno = EINVAL;
    return 0;
  }
  return size;
}

/* Whether an array of this many elements is after the header, inside the mapping, and aligned. */
static bool is_inside(size_t size, uint32_t offset, uint32_t count, size_t element) {
  return offset >= sizeof(struct xpoll_ring_header) && offset <= size && offset % element == 0 &&
         count <= (size - offset) / element;
}

/* Returns whether the arrays of the header are inside the mapping. */
static bool fill(struct xpoll_ring* ring, char* start, size_t size) {
  struct xpoll_ring_header* header = (struct xpoll_ring_header*)start;
  const uint32_t slots = load(&header->slots);
  const uint32_t slots_offset = load(&header->slots_offset);
  const uint32_t index_offset = load(&header->index_offset);

  if (slots < XPOLL_RING_SLOTS_MIN || (slots & (slots - 1)) ||
      !is_inside(size, slots_offset, slots, sizeof(*ring->slots)) ||
      !is_inside(size, index_offset, slots, sizeof(*ring->index)))
    return false;
  ring->header = header;
  ring->slots = (struct xpoll_ring_slot*)(start + slots_offset);
  ring->index = (const uint32_t*)(start + index_offset);
  ring->mask = slots - 1;
  ring->size = size;
  return true;
}

int xpoll_ring_create(uint32_t slots, int flags) { return xpoll_create_with_ring(flags, slots); }

int xpoll_ring_map(int epfd, struct xpoll_ring* ring) {
  const size_t size = size_of_ring(epfd);
  char* start;

  if (!size) return -1;
  start = map(epfd, size);
  if (start == MAP_FAILED) return -1;
  if (fill(ring, start, size)) return 0;
  munmap(start, size);
  errno = EINVAL;
  return -1;
}

int xpoll_ring_unmap(const struct xpoll_ring* ring) { return munmap(ring->header, ring->size); }

int xpoll_ring_wait(int epfd, uint32_t minevents, int64_t timeout_ns) {
  struct xpoll_enter enter = {
      .timeout_ns = timeout_ns, .minevents = minevents, .flags = XPOLL_ENTER_RING};

  return xpoll_enter(epfd, &enter);
}

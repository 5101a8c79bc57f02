/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>
#include <xpoll/wake.h>

#include "instance.h"

int xpoll_wake(int fd, const struct xpoll_wake* wake) { return ioctl(fd, XPOLL_IOC_WAKE, wake); }

int xpoll_set_worker(int epfd, uint32_t worker) { return ioctl(epfd, XPOLL_IOC_WORKER, &worker); }

static size_t table_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

struct xpoll_worker* xpoll_workers_map(int fd) {
  void* table = mmap(NULL, table_size(), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

  if (table == MAP_FAILED) return NULL;
  /* Groups answer the same question. Any other file would be written to, for example one that got
   * the number since. */
  if (xpoll_is_instance(fd)) return table;
  munmap(table, table_size());
  errno = ENODEV;
  return NULL;
}

int xpoll_workers_unmap(struct xpoll_worker* workers) { return munmap(workers, table_size()); }

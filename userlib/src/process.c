/* SPDX-License-Identifier: MIT */
#include <sys/ioctl.h>
#include <xpoll/wake.h>
#include <xpoll/xpoll.h>

#include "device.h"
#include "hints.h"

static int set_process(int device, const struct xpoll_process* process) {
  int ret = ioctl(device, XPOLL_IOC_PROCESS, process);

  if (ret < 0 || process->mode == XPOLL_PROCESS_ASK) return ret;
  xpoll_set_hint(&xpoll_process_hint, process->mode == XPOLL_PROCESS_XPOLL);
  if (process->mode == XPOLL_PROCESS_XPOLL) xpoll_set_hint(&xpoll_calls_hint, true);
  return ret;
}

static int use(int* device, void* process) { return set_process(*device, process); }

int xpoll_process(uint32_t mode) {
  struct xpoll_process process = {.mode = mode};

  return xpoll_with_device(use, &process);
}

int xpoll_process_in(int group) {
  struct xpoll_process process = {.mode = XPOLL_PROCESS_XPOLL};
  int number = ioctl(group, XPOLL_IOC_GROUP);

  if (number < 0) return -1;
  process.group = (uint32_t)number;
  return set_process(group, &process);
}

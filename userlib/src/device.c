/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

static int open_and_use(int (*use)(int* device, void* arg), void* arg) {
  int ret, saved_errno;
  int device = open("/dev/xpoll", O_RDWR | O_CLOEXEC);

  if (device < 0) return -1;
  ret = use(&device, arg);
  saved_errno = errno;
  if (device >= 0) close(device);
  errno = saved_errno;
  return ret;
}

int xpoll_with_device(int (*use)(int* device, void* arg), void* arg) {
  int ret, state;

  /* A thread cancelled in close() would leak the instance it has just made. */
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  ret = open_and_use(use, arg);
  pthread_setcancelstate(state, &state);
  return ret;
}

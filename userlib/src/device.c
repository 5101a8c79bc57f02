/* SPDX-License-Identifier: MIT */
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int open_and_call(unsigned long request, void* arg) {
  int ret, saved_errno;
  int device = open("/dev/xpoll", O_RDWR | O_CLOEXEC);

  if (device < 0) return -1;
  ret = ioctl(device, request, arg);
  saved_errno = errno;
  close(device);
  errno = saved_errno;
  return ret;
}

int xpoll_device_ioctl(unsigned long request, void* arg) {
  int ret, state;

  /* A thread cancelled in close() would leak the instance it has just made. */
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
  ret = open_and_call(request, arg);
  pthread_setcancelstate(state, &state);
  return ret;
}

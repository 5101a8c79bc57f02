// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <linux/xpoll.h>

#include "fuzz/random.h"

namespace xpoll::ioctlfuzz {

// One thread's mapping of a table of workers. It outlives its descriptor.
class Table {
 public:
  Table() = default;
  Table(const Table&) = delete;
  Table& operator=(const Table&) = delete;
  ~Table() { unmap(); }

  // Maps the first page of the descriptor, whatever it is. Return: 0, or -1 and errno.
  int map(int number, xpoll::fuzz::Random& random);
  void write(xpoll::fuzz::Random& random);

 private:
  int map_over(int number);
  void unmap();

  xpoll_worker* workers_ = nullptr;
};

}  // namespace xpoll::ioctlfuzz

// SPDX-License-Identifier: GPL-2.0-only
#include "watcher.h"

#include "tools/util/descriptors.h"

namespace xpoll::test {

int Watcher::add_one() {
  unique_fd watched = make_eventfd();
  const int result = backend_.add(ep(), watched.get(), EPOLLIN);
  if (result < 0) {
    const int error = errno;
    watched.reset();
    errno = error;
    return result;
  }
  watched_.push_back(std::move(watched));
  return result;
}

int Watcher::fill(int count) {
  for (int added = 0; added < count; ++added)
    if (add_one() < 0) return added;
  return count;
}

void Watcher::must_fill(int count) { checked(fill(count) == count ? 0 : -1, "add of an eventfd"); }

void Watcher::delete_newest() {
  checked(backend_.del(ep(), newest()), "del");
  watched_.pop_back();
}

}  // namespace xpoll::test

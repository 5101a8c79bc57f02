// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <condition_variable>
#include <list>
#include <mutex>
#include <vector>

#include "tools/util/backend.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/thread.h"

namespace xpoll::test {

// Threads that wait for events repeatedly, each on its own instance or all on a shared one. The
// first one that gets an event hangs until release().
class Workers {
 public:
  // What the workers share. If it is the file, each instance watches it with EPOLLEXCLUSIVE.
  enum class Share { instance, file };
  Workers(Backend backend, Share share, int count, const unique_fd& watched);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  // Waits until all but the hanging worker sleep.
  void wait_until_asleep() const;
  // Waits until this many events have been delivered in all.
  void wait_for_events(int events) const;
  std::vector<pid_t> tids() const;
  // The tid of the hanging worker; 0 if there is none.
  pid_t hanging() const;
  void release();

 private:
  void work(int epfd);
  void note_event();

  const Backend backend_;
  const unique_fd stop_ = make_eventfd();
  std::list<unique_fd> instances_;
  mutable std::mutex mutex_;
  std::condition_variable released_;
  int events_ = 0;
  pid_t hanging_ = 0;
  std::list<Thread> threads_;
};

}  // namespace xpoll::test

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

// Threads that each wait for events again and again, on an instance of each one's own or on a
// shared one. The first that gets an event hangs until release().
class Workers {
 public:
  // Each watches the file, with EPOLLEXCLUSIVE if it is shared by instances.
  enum class Share { instance, file };
  Workers(Backend backend, Share share, int count, const unique_fd& watched);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers();

  // All but the one that hangs.
  void wait_until_asleep() const;
  // Until so many events were delivered to them in all.
  void wait_for_events(int events) const;
  std::vector<pid_t> tids() const;
  // Of the one that hangs; 0 if there is none.
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

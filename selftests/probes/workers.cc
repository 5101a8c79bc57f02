// SPDX-License-Identifier: GPL-2.0-only
#include "probes/workers.h"

#include <unistd.h>

#include <cstdint>

#include "tools/util/wait_until.h"

namespace xpoll::test {

Workers::Workers(Backend backend, Share share, int count, const unique_fd& watched)
    : backend_(backend) {
  const bool own = share == Share::file;
  for (int i = 0; i < (own ? count : 1); ++i) {
    const unique_fd& ep = instances_.emplace_back(backend_.instance());
    checked(backend_.add(ep.get(), watched.get(), EPOLLIN | EPOLLET | (own ? EPOLLEXCLUSIVE : 0)),
            "watching");
    checked(backend_.add(ep.get(), stop_.get(), EPOLLIN), "watching");
  }
  auto ep = instances_.begin();
  for (int i = 0; i < count; ++i) {
    threads_.emplace_back([this, epfd = ep->get()] { work(epfd); });
    if (own) ++ep;
  }
}

Workers::~Workers() {
  release();
  post(stop_);
}

void Workers::work(int epfd) {
  while (true)
    for (const epoll_event& event : backend_.ready(epfd, -1, 1)) {
      if (event.data.u64 == static_cast<std::uint64_t>(stop_.get())) return;
      note_event();
    }
}

void Workers::note_event() {
  std::unique_lock lock(mutex_);
  if (++events_ > 1) return;
  hanging_ = gettid();
  released_.wait(lock, [this] { return hanging_ == 0; });
}

void Workers::wait_until_asleep() const {
  for (const Thread& thread : threads_)
    if (thread.tid() != hanging()) thread.wait_until_asleep_in_wait();
}

void Workers::wait_for_events(int events) const {
  wait_until("events of the workers", [&] {
    const std::lock_guard lock(mutex_);
    return events_ >= events;
  });
}

std::vector<pid_t> Workers::tids() const {
  std::vector<pid_t> tids;
  for (const Thread& thread : threads_) tids.push_back(thread.tid());
  return tids;
}

pid_t Workers::hanging() const {
  const std::lock_guard lock(mutex_);
  return hanging_;
}

void Workers::release() {
  {
    const std::lock_guard lock(mutex_);
    hanging_ = 0;
  }
  released_.notify_all();
}

}  // namespace xpoll::test

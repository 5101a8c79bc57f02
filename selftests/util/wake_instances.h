// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "raw.h"
#include "tools/util/descriptors.h"
#include "wake_policy.h"

namespace xpoll::test {

// Instances of a group that watch one file, by default an eventfd, and a worker for each.
class WakeInstancesTest : public WakePolicyTest {
 protected:
  void watch(std::uint32_t policy, int count = kWorkers) { watch(policy, count, eventfd_); }
  void watch(std::uint32_t policy, int count, const unique_fd& file) {
    checked(set_policy(device_.get(), policy), "XPOLL_IOC_WAKE");
    add_instances(count, file);
  }
  void add_instances(int count, const unique_fd& file) {
    for (int i = 0; i < count; ++i) {
      instances_.push_back(create());
      edge_watch(instances_.back().get(), file, EPOLLEXCLUSIVE);
    }
  }
  unique_fd create() const {
    const struct xpoll_create arguments { .flags = XPOLL_CLOEXEC, .group = group() };
    return checked_fd(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), "create");
  }
  std::uint32_t group() const {
    return static_cast<std::uint32_t>(checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "group"));
  }
  std::unique_ptr<Worker> start_one(int i, std::uint32_t worker = 0) {
    return std::make_unique<Worker>(instances_[i].get(), eventfd_.get(), worker);
  }
  Workers start() {
    Workers workers;
    for (std::size_t i = 0; i < instances_.size(); ++i)
      workers.push_back(start_one(static_cast<int>(i)));
    return workers;
  }

  unique_fd device_ = open_device();
  unique_fd eventfd_ = make_eventfd();
  std::vector<unique_fd> instances_;
};

}  // namespace xpoll::test

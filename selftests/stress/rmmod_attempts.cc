// SPDX-License-Identifier: GPL-2.0-only
#include "stress/rmmod_attempts.h"

#include <fmt/format.h>

#include "load/kernel_module.h"
#include "util/raw.h"

namespace xpoll::test {

void RmmodAttempts::SetUp() {
  device_ = open_device();
  thread_ = std::make_unique<Thread>([this] { try_forever(); });
}

void RmmodAttempts::try_forever() {
  // Leaves processor time to the tests.
  constexpr timespec kPause{.tv_sec = 0, .tv_nsec = 2'000'000};
  const KernelModule module("xpoll", "");
  while (!stop_) {
    ++attempts_;
    refused_ += module.unload() < 0 && errno == EWOULDBLOCK;
    nanosleep(&kPause, nullptr);
  }
}

void RmmodAttempts::TearDown() {
  stop_ = true;
  thread_->join();
  fmt::print("# {} attempts to unload, {} refused\n", attempts_, refused_);
  EXPECT_GT(attempts_, 0);
  EXPECT_EQ(refused_, attempts_);
}

}  // namespace xpoll::test

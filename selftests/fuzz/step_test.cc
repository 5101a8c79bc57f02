// SPDX-License-Identifier: GPL-2.0-only
#include "step.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace xpoll::fuzz {
namespace {

std::string written(std::string_view name, const Arguments& arguments) {
  return to_cxx(Step{&operation_named(name), arguments});
}

TEST(StepTest, IsWrittenAsTheCallThatItMakes) {
  EXPECT_EQ(written("ctl", {0, EPOLL_CTL_ADD, 1, EPOLLIN | EPOLLET, 7}),
            "lockstep.ctl(0, EPOLL_CTL_ADD, 1, EPOLLIN | EPOLLET, 0x7);");
  EXPECT_EQ(written("wait", {3, 64, 0}), "lockstep.wait(3, 64, 0);");
  EXPECT_EQ(written("unix_pair", {1, 2, SOCK_DGRAM}), "lockstep.unix_pair(1, 2, SOCK_DGRAM);");
  EXPECT_EQ(written("shutdown", {1, SHUT_RDWR}), "lockstep.shutdown(1, SHUT_RDWR);");
  EXPECT_EQ(written("poll", {}), "lockstep.poll();");
}

TEST(StepTest, WhatHasNoNameIsWrittenAsANumber) {
  EXPECT_EQ(written("ctl", {0, -1, 1, EPOLLIN | 1U << 27, 0}),
            "lockstep.ctl(0, -1, 1, EPOLLIN | 0x8000000, 0x0);");
  EXPECT_EQ(written("ctl", {0, 0, 1, 0, -1}), "lockstep.ctl(0, 0, 1, 0x0, 0xffffffffffffffff);");
  EXPECT_EQ(written("create", {1, 0x800}), "lockstep.create(1, 0x800);");
}

}  // namespace
}  // namespace xpoll::fuzz

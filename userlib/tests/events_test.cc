// SPDX-License-Identifier: MIT
// The event bits as a type.
#include <gtest/gtest.h>
#include <sys/epoll.h>

#include <cstdint>
#include <type_traits>
#include <xpoll/events.hpp>

namespace {

using xpoll::events;

static_assert(!std::is_convertible_v<events, std::uint32_t>, "never a number by accident");

TEST(Events, HaveEpollsBits) {
  EXPECT_EQ(bits(events::in | events::edge), static_cast<std::uint32_t>(EPOLLIN) | EPOLLET);
  EXPECT_EQ(bits(events::none), 0U);
}

TEST(Events, AreASet) {
  events set = events::in | events::out;
  EXPECT_TRUE(any(set & events::out));
  set &= ~events::out;
  EXPECT_FALSE(any(set & events::out));
  set |= events::rdhup;
  EXPECT_EQ(set, events::in | events::rdhup);
}

TEST(Events, ComeFromAnEventRecord) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLHUP;
  EXPECT_EQ(xpoll::events_of(event), events::in | events::hup);
}

}  // namespace

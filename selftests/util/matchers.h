// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <gmock/gmock.h>
#include <sys/epoll.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <ios>
#include <ostream>
#include <string>

// In the namespace of epoll_event, because GoogleTest uses argument-dependent lookup.
inline void PrintTo(const epoll_event& event, std::ostream* out) {
  *out << std::hex << "{events 0x" << event.events << ", data 0x" << event.data.u64 << "}"
       << std::dec;
}

namespace xpoll::test {

inline std::string errno_text(int error) {
  const char* name = strerrorname_np(error);
  return name ? name : std::to_string(error);
}

// Matches the result of a system call. The matcher reads errno, so match before calling anything
// else.
MATCHER(SyscallSucceeds, negation ? "fails" : "succeeds") {
  if (arg >= 0) return true;
  *result_listener << "errno " << errno_text(errno);
  return false;
}

MATCHER_P(SyscallSucceedsWithValue, value, "returns " + testing::PrintToString(value)) {
  if (arg == value) return true;
  if (arg < 0) *result_listener << "errno " << errno_text(errno);
  return false;
}

MATCHER_P(SyscallFailsWithErrno, error, "fails with " + errno_text(error)) {
  if (arg >= 0) {
    *result_listener << "succeeds";
    return false;
  }
  const int actual = errno;
  *result_listener << "errno " << errno_text(actual);
  return actual == error;
}

// Matches one delivered event: exactly these bits and this data (Backend::add's default is the
// descriptor).
MATCHER_P2(Event, data, bits,
           "has data " + testing::PrintToString(data) + " and bits " +
               testing::PrintToString(bits)) {
  // Copied, because a reference can't bind to a member of a packed struct.
  const std::uint32_t events = arg.events;
  const std::uint64_t payload = arg.data.u64;
  return events == static_cast<std::uint32_t>(bits) && payload == static_cast<std::uint64_t>(data);
}

// Matches all delivered events, in order: EXPECT_THAT(backend.ready(ep), Events(Event(fd,
// EPOLLIN))).
template <typename... Each>
auto Events(Each... each) {
  return testing::ElementsAre(each...);
}

inline auto NoEvents() { return testing::IsEmpty(); }

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

namespace victim {

// The value of errno before a call. A successful call must not change it.
constexpr int kUntouched = ERANGE;

// Makes a call and prints its result and errno. The same program must print the same on both
// implementations.
template <typename Call>
long tell(const std::string& what, Call call) {
  errno = kUntouched;
  const long result = call();
  const int error = errno;
  std::printf("%s = %ld, %s\n", what.c_str(), result,
              error == kUntouched ? "errno untouched" : strerrorname_np(error));
  std::fflush(stdout);
  return result;
}

inline void tell_event(const epoll_event& event) {
  std::printf("  event: bits %#x, data %llu\n", static_cast<unsigned>(event.events),
              static_cast<unsigned long long>(event.data.u64));
}

inline epoll_event make_event(std::uint32_t bits, std::uint64_t data) {
  epoll_event event{};
  event.events = bits;
  event.data.u64 = data;
  return event;
}

}  // namespace victim

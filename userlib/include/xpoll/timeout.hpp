// SPDX-License-Identifier: MIT
// How a std::chrono::duration becomes a timeout in nanoseconds.
#ifndef XPOLL_TIMEOUT_HPP
#define XPOLL_TIMEOUT_HPP

#include <chrono>
#include <cstdint>
#include <xpoll/cxx20.hpp>

namespace xpoll::detail {

/// A relative timeout in nanoseconds. It is 0 for a negative duration (and for NaN), never "without
/// limit". Fractions are rounded up: rounded down, the last one would let a loop that waits until a
/// deadline spin. Saturates at 292 years.
template <class Rep, class Period>
constexpr std::int64_t timeout_ns(std::chrono::duration<Rep, Period> span) {
  using std::chrono::nanoseconds;
  using wide = std::chrono::duration<long double, std::nano>;

  if (!(span > span.zero())) return 0;
  if (wide(span) >= wide(nanoseconds::max())) return nanoseconds::max().count();
  return std::chrono::ceil<nanoseconds>(span).count();
}

}  // namespace xpoll::detail

#endif  // XPOLL_TIMEOUT_HPP

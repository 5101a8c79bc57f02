// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_ECHO_COUNTERS_HPP
#define EXAMPLES_ECHO_COUNTERS_HPP

#include <cstdint>

namespace example {

/// What an echo server did: its traffic, and each system call that it made for it.
struct echo_counters {
  std::uint64_t opened = 0;
  std::uint64_t closed = 0;
  std::uint64_t most_open = 0;  ///< connections at one time
  std::uint64_t failed = 0;     ///< of those closed, the ones that ended by an error
  std::uint64_t bytes = 0;      ///< read and written back

  std::uint64_t events = 0;
  std::uint64_t waits = 0;
  std::uint64_t ctls = 0;
  std::uint64_t accepts = 0;
  std::uint64_t reads = 0;
  std::uint64_t writes = 0;

  /// Each connection is closed by one call.
  [[nodiscard]] std::uint64_t system_calls() const {
    return waits + ctls + accepts + reads + writes + closed;
  }
};

}  // namespace example

#endif  // EXAMPLES_ECHO_COUNTERS_HPP

// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_HTTP_COUNTERS_HPP
#define EXAMPLES_HTTP_COUNTERS_HPP

#include <algorithm>
#include <cstdint>

namespace example {

/// What an HTTP server did.
struct http_counters {
  std::uint64_t opened = 0;
  std::uint64_t closed = 0;
  std::uint64_t most_open = 0;  ///< connections at one time
  std::uint64_t lost = 0;       ///< of those closed, the ones that ended by an error
  std::uint64_t requests = 0;   ///< answered with a file, or that there is none

  void open() {
    ++opened;
    most_open = std::max(most_open, opened - closed);
  }
};

}  // namespace example

#endif  // EXAMPLES_HTTP_COUNTERS_HPP

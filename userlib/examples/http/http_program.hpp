// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_HTTP_PROGRAM_HPP
#define EXAMPLES_HTTP_PROGRAM_HPP

#include <cstddef>
#include <functional>
#include <xpoll/unique_fd.hpp>

#include "http_counters.hpp"
#include "ring_loop.hpp"
#include "site.hpp"

namespace example {

/// What an HTTP server is given.
struct http_service {
  ring_loop& loop;
  const site& files;
  xpoll::unique_fd listener;
  std::size_t most;                ///< connections at one time
  std::function<bool()> stopping;  ///< whether to end; ask after each turn of the loop
};

/// The main function of an HTTP server.
int run_http_program(int argc, char** argv, const char* name,
                     const std::function<http_counters(http_service)>& serve);

}  // namespace example

#endif  // EXAMPLES_HTTP_PROGRAM_HPP

// SPDX-License-Identifier: MIT
#ifndef EXAMPLES_BACKEND_HPP
#define EXAMPLES_BACKEND_HPP

#include <set>
#include <stdexcept>
#include <string>
#include <system_error>
#include <xpoll/poller.hpp>

namespace example {

/// The kinds of instance that a program can run on, as the command line names them.
inline const std::set<std::string> backends{"xpoll", "native"};

inline xpoll::poller make_poller(const std::string& backend) {
  if (backend == "native") return xpoll::poller::native();
  try {
    return xpoll::poller::create();
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::no_such_file_or_directory) throw;
    throw std::runtime_error("no /dev/xpoll: load xpoll.ko, or choose --backend native");
  }
}

}  // namespace example

#endif  // EXAMPLES_BACKEND_HPP

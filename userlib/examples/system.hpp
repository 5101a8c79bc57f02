// SPDX-License-Identifier: MIT
// What the echo programs ask of the system besides polling.
#ifndef EXAMPLES_SYSTEM_HPP
#define EXAMPLES_SYSTEM_HPP

#include <cstdint>
#include <string>
#include <xpoll/unique_fd.hpp>

namespace example {

/// Throws std::system_error with errno if ret is negative.
int check(int ret, const char* call);

/// A non-blocking socket that listens. Port 0 lets the system choose.
xpoll::unique_fd listen_on(const std::string& host, std::uint16_t port);

/// A non-blocking socket that is being connected: EPOLLOUT tells when, SO_ERROR how it ended.
xpoll::unique_fd connect_to(const std::string& host, std::uint16_t port);

/// The port that a socket is bound to.
std::uint16_t port_of(int socket);

/// The error that a socket has in store, as an errno value; 0 for none.
int error_of(int socket);

/// Lets the process have as many descriptors as it may: one a connection is more than the usual
/// 1,024.
void raise_descriptor_limit();

/// A descriptor that is readable once SIGINT or SIGTERM came, which then do nothing else.
xpoll::unique_fd termination_signals();

}  // namespace example

#endif  // EXAMPLES_SYSTEM_HPP

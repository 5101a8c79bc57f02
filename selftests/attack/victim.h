// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/socket.h>
#include <sys/un.h>

#include "attack/board.h"
#include "tools/util/backend.h"
#include "util/process.h"

namespace xpoll::attack {

// Where the victim serves. An abstract name, so that no file system is involved.
struct ServiceAddress {
  ServiceAddress();
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&address); }

  sockaddr_un address{};
  socklen_t size = 0;
};

// A process of a user of its own: an echo service on an instance of its own, and a client of it
// that measures. The service is open to the attackers, too.
class Victim {
 public:
  Victim(Backend backend, Service& service);

  // Until the client has had a number of replies.
  void wait_until_serving(const Service& service) const;
  // Until the client has had one more reply.
  void wait_for_a_reply(const Service& service) const;

 private:
  test::Process process_;
};

}  // namespace xpoll::attack

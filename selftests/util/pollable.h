// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_POLLABLE_H
#define XPOLL_SELFTESTS_UTIL_POLLABLE_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backend.h"

namespace xpoll_test {

// A descriptor that can be watched, and the means to make it readable and unreadable again.
class Pollable {
 public:
  virtual ~Pollable() = default;

  virtual const Fd& fd() const = 0;
  virtual void makeReadable() = 0;
  virtual void makeUnreadable() = 0;
  // What of IN|OUT|PRI|RDHUP it reports when there is nothing to read; EPOLLIN comes on top.
  virtual std::uint32_t idleBits() const { return 0; }
};

// One kind of them, by name.
struct PollableKind {
  std::string name;
  std::function<std::unique_ptr<Pollable>(Backend)> make;
};

// Every kind that the tests know.
std::vector<PollableKind> pollableKinds();

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_POLLABLE_H

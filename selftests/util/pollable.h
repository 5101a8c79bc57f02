// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/util/backend.h"

namespace xpoll::test {

// A descriptor that can be watched, and the means to make it readable and unreadable again.
class Pollable {
 public:
  virtual ~Pollable() = default;

  virtual const unique_fd& fd() const = 0;
  virtual void make_readable() = 0;
  virtual void make_unreadable() = 0;
  // What of IN|OUT|PRI|RDHUP it reports when there is nothing to read; EPOLLIN comes on top.
  virtual std::uint32_t idle_bits() const { return 0; }
};

// One kind of them, by name.
struct PollableKind {
  std::string name;
  std::function<std::unique_ptr<Pollable>(Backend)> make;
};

// Every kind that the tests know.
std::vector<PollableKind> pollable_kinds();

}  // namespace xpoll::test

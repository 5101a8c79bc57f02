// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tools/util/backend.h"

namespace xpoll::test {

// A descriptor to watch, with functions that make it readable and unreadable.
class Pollable {
 public:
  virtual ~Pollable() = default;

  virtual const unique_fd& fd() const = 0;
  virtual void make_readable() = 0;
  virtual void make_unreadable() = 0;
  // The bits of IN|OUT|PRI|RDHUP that it reports without data to read. EPOLLIN is added when there
  // is some.
  virtual std::uint32_t idle_bits() const { return 0; }
};

// One kind of pollable descriptor, by name.
struct PollableKind {
  std::string name;
  std::function<std::unique_ptr<Pollable>(Backend)> make;
};

// All kinds that the tests know.
std::vector<PollableKind> pollable_kinds();

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/random.h"

namespace xpoll::ioctlfuzz {

using xpoll::fuzz::Random;

// Whether the kernel can access an address.
enum class Access { kGood, kReadOnly, kBad, kUnknown };

struct Place {
  std::uint64_t address;
  Access access;
};

// Memory for one argument of one thread: a page that is mapped at several addresses, each followed
// by an unmapped page. One mapping is writable, one is read-only, and another thread removes and
// restores the third at any time.
class Cell {
 public:
  Cell();
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;
  ~Cell();

  // Chooses a place for an argument, mostly a valid one: in the middle of the page, at its end,
  // beyond it, or at an address that is never mapped. With empty bytes the old content stays.
  Place place(Random& random, std::size_t size, std::string_view bytes = {});
  // Chooses a place in the middle of the writable page.
  Place place_well(Random& random, std::size_t size, std::string_view bytes = {});

  // Called by the thread that removes and restores mappings.
  void meddle(Random& random);

 private:
  char* view(int number) const;
  void fill(std::size_t offset, std::string_view bytes);

  int memory_;
  char* views_;
  char* alias_;
};

}  // namespace xpoll::ioctlfuzz

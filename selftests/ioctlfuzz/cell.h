// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "fuzz/random.h"

namespace xpoll::ioctlfuzz {

using xpoll::fuzz::Random;

// Whether the kernel can use what lies at an address.
enum class Access { kGood, kReadOnly, kBad, kUnknown };

struct Place {
  std::uint64_t address;
  Access access;
};

// Memory for one argument of one thread: a page that is seen at several addresses, each with an
// unmapped page behind it. At one it can be written, at one only read, and at one another thread
// takes it away and brings it back at any time.
class Cell {
 public:
  Cell();
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;
  ~Cell();

  // Puts an argument somewhere, mostly where it belongs: in the midst of the page, at its end,
  // beyond it, or where nothing can ever be. Empty bytes leave what is there.
  Place place(Random& random, std::size_t size, std::string_view bytes = {});
  // In the midst of the page that can be written.
  Place place_well(Random& random, std::size_t size, std::string_view bytes = {});

  // For the thread that meddles.
  void meddle(Random& random);

 private:
  char* view(int number) const;
  void fill(std::size_t offset, std::string_view bytes);

  int memory_;
  char* views_;
  char* alias_;
};

}  // namespace xpoll::ioctlfuzz

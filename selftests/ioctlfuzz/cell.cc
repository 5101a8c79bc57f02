// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/cell.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "tools/util/checked.h"

namespace xpoll::ioctlfuzz {
namespace {

constexpr std::size_t kPage = 4096;
constexpr int kViews = 3;
enum View { kWritable, kReadable, kMoving };

// Addresses that are never mapped: null, the first page, the end of user space, a hole in the
// address space, the kernel's text and its end.
constexpr std::array<std::uint64_t, 7> kNowhere{0,
                                                8,
                                                0x7ffffffff000 - 8,
                                                0x7ffffffff000,
                                                0x800000000000,
                                                0xffffffff81000000,
                                                0xfffffffffffffff8};

char* map(void* at, std::size_t size, int protection, int flags, int file) {
  void* start = mmap(at, size, protection, flags, file, 0);
  if (start == MAP_FAILED) checked(-1, "mmap");
  return static_cast<char*>(start);
}

}  // namespace

Cell::Cell()
    : memory_(checked(memfd_create("cell", MFD_CLOEXEC), "memfd_create")),
      views_(map(nullptr, 2 * kViews * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1)) {
  checked(ftruncate(memory_, kPage), "ftruncate");
  alias_ = map(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, memory_);
  map(view(kWritable), kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory_);
  map(view(kReadable), kPage, PROT_READ, MAP_SHARED | MAP_FIXED, memory_);
  map(view(kMoving), kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, memory_);
}

Cell::~Cell() {
  munmap(views_, 2 * kViews * kPage);
  munmap(alias_, kPage);
  close(memory_);
}

char* Cell::view(int number) const { return views_ + 2 * kPage * static_cast<std::size_t>(number); }

// The kernel cannot reach what lies beyond the page either.
void Cell::fill(std::size_t offset, std::string_view bytes) {
  std::memcpy(alias_ + offset, bytes.data(), std::min(bytes.size(), kPage - offset));
}

Place Cell::place_well(Random& random, std::size_t size, std::string_view bytes) {
  const std::size_t offset = random.below(kPage - std::min(size, kPage) + 1);
  fill(offset, bytes);
  return {reinterpret_cast<std::uintptr_t>(view(kWritable) + offset), Access::kGood};
}

Place Cell::place(Random& random, std::size_t size, std::string_view bytes) {
  if (random.chance(70) || size > kPage) return place_well(random, size, bytes);
  if (random.chance(20)) return {random.pick(kNowhere), Access::kBad};

  const int number = static_cast<int>(random.below(kViews));
  const bool beyond = random.chance(25);
  const std::size_t offset = kPage - (beyond ? random.below(size) : size);
  fill(offset, bytes);
  Access access = number == kMoving     ? Access::kUnknown
                  : number == kReadable ? Access::kReadOnly
                                        : Access::kGood;
  if (beyond) access = Access::kBad;
  return {reinterpret_cast<std::uintptr_t>(view(number) + offset), access};
}

void Cell::meddle(Random& random) {
  constexpr std::array kProtections{PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE};
  char* page = view(kMoving);
  if (random.chance(50)) {
    checked(mprotect(page, kPage, random.pick(kProtections)), "mprotect");
    return;
  }
  // PROT_NONE instead of an unmap, so that no other mapping can take the place.
  checked(mprotect(page, kPage, PROT_NONE), "mprotect");
  map(page, kPage, random.pick(kProtections), MAP_SHARED | MAP_FIXED, memory_);
}

}  // namespace xpoll::ioctlfuzz

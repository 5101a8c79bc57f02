// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>

namespace xpoll::test {

// A page of memory with an inaccessible page behind it.
class GuardedMemory {
 public:
  GuardedMemory();
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  // Room for `count` objects whose end is the end of the accessible page.
  template <typename T>
  T* last(std::size_t count = 1) const {
    return reinterpret_cast<T*>(guard() - count * sizeof(T));
  }

  // An object whose first `accessible` bytes alone can be reached.
  template <typename T>
  T* cut_after(std::size_t accessible) const {
    return reinterpret_cast<T*>(guard() - accessible);
  }

  // An address in user space at which nothing can be reached.
  template <typename T>
  T* inaccessible() const {
    return reinterpret_cast<T*>(guard());
  }

  void make_read_only();

 private:
  char* guard() const;

  char* start_;
};

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>

namespace xpoll::test {

// A page of memory followed by an inaccessible page.
class GuardedMemory {
 public:
  GuardedMemory();
  ~GuardedMemory();
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;

  // Room for `count` objects that ends with the accessible page.
  template <typename T>
  T* last(std::size_t count = 1) const {
    return reinterpret_cast<T*>(guard() - count * sizeof(T));
  }

  // An object of which only the first `accessible` bytes are accessible.
  template <typename T>
  T* cut_after(std::size_t accessible) const {
    return reinterpret_cast<T*>(guard() - accessible);
  }

  // An address in user space where nothing is accessible.
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

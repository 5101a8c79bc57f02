// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/util/backend.h"
#include "tools/util/checked.h"

namespace xpoll::test {

// A call on something of a given size, and what it works on.
class Subject {
 public:
  Subject(Backend backend, int size) : backend_(backend), size_(size) {}

  Backend backend() const { return backend_; }
  int size() const { return size_; }

  int instance() { return keep(backend_.instance()); }
  int file(unsigned count = 0);
  int dup_of(int fd) { return keep(checked_fd(::dup(fd), "dup")); }
  int keep(unique_fd fd) {
    kept_.push_back(std::move(fd));
    return kept_.back().get();
  }
  void watch(int ep, int fd, unsigned events = EPOLLIN) const {
    checked(backend_.add(ep, fd, events), "add");
  }
  // Watches of `size()` files.
  std::vector<int> watch_files(int ep, unsigned count = 0);

  // The call, and what makes it possible again, which is not measured.
  std::function<void()> prepare = [] {};
  std::function<void()> call;

 private:
  Backend backend_;
  int size_;
  std::vector<unique_fd> kept_;
};

// How the work of a call may grow with the size at most, if native epoll has no such call.
enum class Growth { kNone, kLinear };

struct Case {
  std::string name;
  // What the size is the number of.
  std::string of;
  bool on_native;
  Growth most;
  int most_size;
  void (*build)(Subject&);
};

const std::vector<Case>& cases();

}  // namespace xpoll::test

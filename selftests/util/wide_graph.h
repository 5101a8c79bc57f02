// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <ostream>
#include <vector>

#include "nest.h"
#include "tools/util/backend.h"

namespace xpoll::test {

// The limit on wake-up paths of a file with this many links beyond its direct watch.
struct PathLimit {
  int extra_links;
  int paths;

  friend std::ostream& operator<<(std::ostream& out, const PathLimit& limit) {
    return out << limit.paths << " paths with " << limit.extra_links << " extra links";
  }
};

// One file watched by many instances, all of which are watched by one joint, the bottom of a chain:
//
//   file <- instance, instance, ... <- joint <- ... <- top
class WideGraph {
 public:
  WideGraph(Backend backend, int extra_links);

  // Adds an instance that watches the file and is then watched by the joint. Returns the result of
  // the last ADD.
  int add_path();
  // The same, but adds the watch of the file last.
  int add_path_file_last();

  // Adds paths until one is refused.
  void fill();

  void make_ready();
  void close_oldest() { instances_.erase(instances_.begin()); }

  int top() const { return chain_.top(); }
  int joint() const { return chain_.bottom(); }
  int oldest() const { return instances_.front().get(); }
  int newest() const { return instances_.back().get(); }

 private:
  int watch_file() { return backend_.add(newest(), file_.get(), EPOLLIN); }
  int watch_instance() { return backend_.add(joint(), newest(), EPOLLIN); }

  Backend backend_;
  unique_fd file_;
  Chain chain_;
  std::vector<unique_fd> instances_;
};

}  // namespace xpoll::test

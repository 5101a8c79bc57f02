// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_UTIL_WIDE_GRAPH_H
#define XPOLL_SELFTESTS_UTIL_WIDE_GRAPH_H

#include <ostream>
#include <vector>

#include "backend.h"
#include "nest.h"

namespace xpoll_test {

// So many wake-up paths a file may have whose links beyond its direct watch are so many.
struct PathLimit {
  int extra_links;
  int paths;

  friend std::ostream& operator<<(std::ostream& out, const PathLimit& limit) {
    return out << limit.paths << " paths with " << limit.extra_links << " extra links";
  }
};

// One file under many instances, all of which are watched by one joint, the bottom of a chain:
//
//   file <- instance, instance, ... <- joint <- ... <- top
class WideGraph {
 public:
  WideGraph(Backend backend, int extra_links);

  // One more instance that watches the file and then is watched by the joint. What the last ADD
  // returned.
  int addPath();
  // The same, the watch of the file coming last.
  int addPathFileLast();

  // Adds paths until one is refused.
  void fill();

  void makeReady();
  void closeOldest() { instances_.erase(instances_.begin()); }

  int top() const { return chain_.top(); }
  int joint() const { return chain_.bottom(); }
  int oldest() const { return instances_.front().get(); }
  int newest() const { return instances_.back().get(); }

 private:
  int watchFile() { return backend_.add(newest(), file_.get(), EPOLLIN); }
  int watchInstance() { return backend_.add(joint(), newest(), EPOLLIN); }

  Backend backend_;
  Fd file_;
  Chain chain_;
  std::vector<Fd> instances_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_UTIL_WIDE_GRAPH_H

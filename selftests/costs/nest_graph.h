// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_COSTS_NEST_GRAPH_H
#define XPOLL_SELFTESTS_COSTS_NEST_GRAPH_H

#include <sys/epoll.h>
#include <unistd.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "instructions.h"
#include "util/backend.h"
#include "util/descriptors.h"

namespace xpoll_test {

// A graph in which `outer` does not watch `inner` yet.
class NestGraph {
 public:
  explicit NestGraph(Backend backend)
      : backend_(backend), outer_(backend.instance()), inner_(backend.instance()) {}

  int outer() const { return outer_.get(); }
  int inner() const { return inner_.get(); }

  int instance() { return keep(backend_.instance()); }
  int file() { return keep(makeEventfd()); }
  void watch(int ep, int fd) { checked(backend_.add(ep, fd, EPOLLIN), "add"); }
  // So many items that refer to the file behind `fd`.
  void watchOften(int ep, int fd, int items) {
    watch(ep, fd);
    for (int i = 1; i < items; ++i) watch(ep, keep(Fd(checked(::dup(fd), "dup"))));
  }
  void unwatch(int ep, int fd) { checked(backend_.del(ep, fd), "del"); }

  // The call that is measured, and the one that undoes it.
  int add() const { return backend_.add(outer(), inner(), EPOLLIN); }
  int remove() const { return backend_.del(outer(), inner()); }

  std::int64_t costOfAdd() const {
    const std::int64_t cost = instructionsOf([this] { checked(add(), "nested add"); });
    checked(remove(), "del");
    return cost;
  }

 private:
  int keep(Fd fd) {
    kept_.push_back(std::move(fd));
    return kept_.back().get();
  }

  Backend backend_;
  Fd outer_;
  Fd inner_;
  std::vector<Fd> kept_;
};

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_COSTS_NEST_GRAPH_H

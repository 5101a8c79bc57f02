// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>
#include <unistd.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "instructions.h"
#include "tools/util/backend.h"
#include "tools/util/descriptors.h"

namespace xpoll::test {

// A graph in which `outer` does not watch `inner` yet.
class NestGraph {
 public:
  explicit NestGraph(Backend backend)
      : backend_(backend), outer_(backend.instance()), inner_(backend.instance()) {}

  int outer() const { return outer_.get(); }
  int inner() const { return inner_.get(); }

  int instance() { return keep(backend_.instance()); }
  int file() { return keep(make_eventfd()); }
  void watch(int ep, int fd) { checked(backend_.add(ep, fd, EPOLLIN), "add"); }
  // Adds `items` items that refer to the file behind `fd`.
  void watch_often(int ep, int fd, int items) {
    watch(ep, fd);
    for (int i = 1; i < items; ++i) watch(ep, keep(unique_fd(checked(::dup(fd), "dup"))));
  }
  void unwatch(int ep, int fd) { checked(backend_.del(ep, fd), "del"); }

  // The measured call, and the one that undoes it.
  int add() const { return backend_.add(outer(), inner(), EPOLLIN); }
  int remove() const { return backend_.del(outer(), inner()); }

  std::int64_t cost_of_add() const {
    const std::int64_t cost = instructions_of([this] { checked(add(), "nested add"); });
    checked(remove(), "del");
    return cost;
  }

 private:
  int keep(unique_fd fd) {
    kept_.push_back(std::move(fd));
    return kept_.back().get();
  }

  Backend backend_;
  unique_fd outer_;
  unique_fd inner_;
  std::vector<unique_fd> kept_;
};

}  // namespace xpoll::test

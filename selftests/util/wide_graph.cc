// SPDX-License-Identifier: GPL-2.0-only
#include "wide_graph.h"

#include "descriptors.h"
#include "eventfd.h"

namespace xpoll_test {

WideGraph::WideGraph(Backend backend, int extra_links)
    : backend_(backend), file_(makeEventfd()), chain_(backend, extra_links) {}

int WideGraph::addPath() {
  instances_.push_back(backend_.instance());
  checked(watchFile(), "add of the file");
  return watchInstance();
}

int WideGraph::addPathFileLast() {
  instances_.push_back(backend_.instance());
  checked(watchInstance(), "add of the instance");
  return watchFile();
}

void WideGraph::fill() {
  while (addPath() == 0) continue;
}

void WideGraph::makeReady() { post(file_); }

}  // namespace xpoll_test

// SPDX-License-Identifier: GPL-2.0-only
#include "wide_graph.h"

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"

namespace xpoll::test {

WideGraph::WideGraph(Backend backend, int extra_links)
    : backend_(backend), file_(make_eventfd()), chain_(backend, extra_links) {}

int WideGraph::add_path() {
  instances_.push_back(backend_.instance());
  checked(watch_file(), "add of the file");
  return watch_instance();
}

int WideGraph::add_path_file_last() {
  instances_.push_back(backend_.instance());
  checked(watch_instance(), "add of the instance");
  return watch_file();
}

void WideGraph::fill() {
  while (add_path() == 0) continue;
}

void WideGraph::make_ready() { post(file_); }

}  // namespace xpoll::test

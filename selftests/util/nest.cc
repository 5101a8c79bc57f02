// SPDX-License-Identifier: GPL-2.0-only
#include "nest.h"

namespace xpoll::test {

Chain::Chain(Backend backend, int instances) {
  instances_.push_back(backend.instance());
  while (instances_.size() < static_cast<std::size_t>(instances)) {
    unique_fd next = backend.instance();
    checked(backend.add(bottom(), next.get(), EPOLLIN), "add of an instance");
    instances_.push_back(std::move(next));
  }
}

}  // namespace xpoll::test

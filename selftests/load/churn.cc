// SPDX-License-Identifier: GPL-2.0-only
#include "load/churn.h"

#include "tools/util/descriptors.h"
#include "tools/util/sockets.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {

Churn::Churn(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { close_forever(); });
}

void Churn::wait_until_more() const {
  const int before = closes();
  wait_until("more closes", [&] { return closes() > before; });
}

void Churn::close_forever() {
  while (!stop_) {
    static_cast<void>(make_eventfd());
    make_pipe();
    unix_pair();
    ++closes_;
  }
}

}  // namespace xpoll::test

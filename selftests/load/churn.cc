// SPDX-License-Identifier: GPL-2.0-only
#include "load/churn.h"

#include "util/descriptors.h"
#include "util/sockets.h"
#include "util/wait_until.h"

namespace xpoll_test {

Churn::Churn(int threads) {
  for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { closeForever(); });
}

void Churn::waitUntilMore() const {
  const int before = closes();
  waitUntil("more closes", [&] { return closes() > before; });
}

void Churn::closeForever() {
  while (!stop_) {
    makeEventfd();
    makePipe();
    unixPair();
    ++closes_;
  }
}

}  // namespace xpoll_test

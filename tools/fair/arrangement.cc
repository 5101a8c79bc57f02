// SPDX-License-Identifier: GPL-2.0-only
#include "arrangement.h"

#include <linux/xpoll.h>

namespace fair {

std::vector<Arrangement> arrangements() {
  return {
      {"native, EXCLUSIVE", Sharing::exclusive, std::nullopt},
      {"native, shared", Sharing::shared, std::nullopt},
      {"native, SO_REUSEPORT", Sharing::reuseport, std::nullopt},
      {"round-robin, EXCLUSIVE", Sharing::exclusive, XPOLL_WAKE_ROUND_ROBIN},
      {"least-loaded, EXCLUSIVE", Sharing::exclusive, XPOLL_WAKE_LEAST_LOADED},
      {"BPF, EXCLUSIVE", Sharing::exclusive, XPOLL_WAKE_BPF},
      {"round-robin, shared", Sharing::shared, XPOLL_WAKE_ROUND_ROBIN},
      {"least-loaded, shared", Sharing::shared, XPOLL_WAKE_LEAST_LOADED},
      {"BPF, shared", Sharing::shared, XPOLL_WAKE_BPF},
  };
}

}  // namespace fair

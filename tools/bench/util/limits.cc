// SPDX-License-Identifier: GPL-2.0-only
#include "limits.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <limits>

#include "tools/util/checked.h"

namespace bench {

int raise_descriptor_limit() {
  rlimit limit{};
  xpoll::checked(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
  limit.rlim_cur = limit.rlim_max;
  xpoll::checked(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
  // Descriptors for the standard streams, the instance and the library.
  constexpr rlim_t kOthers = 100;
  return static_cast<int>(std::min<rlim_t>(limit.rlim_cur, std::numeric_limits<int>::max()) -
                          kOthers);
}

WatchLimits::WatchLimits(bool xpoll) {
  using xpoll::Backend;
  constexpr std::int64_t kWatches = 2'100'000;
  if (geteuid() != 0) return;
  std::vector<Backend> backends{Backend::native()};
  if (xpoll) backends.push_back(Backend::xpoll());
  for (const Backend backend : backends) {
    if (xpoll::watch_limit(backend) >= kWatches) continue;
    raised_.push_back(std::make_unique<xpoll::ScopedWatchLimit>(backend, kWatches));
  }
}

}  // namespace bench

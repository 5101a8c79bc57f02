// SPDX-License-Identifier: GPL-2.0-only
// Creates an instance and closes it.
#include "each_backend.h"
#include "registry.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {

void register_create(const Settings& settings) {
  static constexpr int kOperations = 50;
  for_backends<Epoll, Xpoll, Uring, HookedEpoll, BesideEpoll, XpollCalls>(
      settings, [&]<typename Backend> {
        add_benchmark(settings, "create_close", Backend::kName, [=](auto& state) {
          drop_kept_instance();
          Measurement(state, settings, kOperations).run([] {
            for (int instance = 0; instance < kOperations; ++instance) Backend{};
          });
        });
      });
}

}  // namespace bench

// SPDX-License-Identifier: GPL-2.0-only
#include "attack/acts.h"

#include <array>

namespace xpoll::attack {
namespace {

constexpr std::array kActs{
    Act{"churn_instances", churn_instances},
    Act{"nest_wide", nest_wide},
    Act{"nest_cycles", nest_cycles},
    Act{"send_instances", send_instances},
    Act{"many_dups", many_dups},
    Act{"many_files", many_files},
    Act{"many_instances", many_instances},
    Act{"expensive_client", expensive_client},
    Act{"exit_with_watches", exit_with_watches},
    Act{"close_watched", close_watched},
    Act{"stalled_call", stalled_call, true},
    Act{"punched_buffer", punched_buffer},
    Act{"fork_with_ring", fork_with_ring},
    Act{"read_fdinfo", read_fdinfo},
    Act{"stop_and_kill", stop_and_kill},
    Act{"trace_peers", trace_peers, true},
    Act{"crowd_of_waiters", crowd_of_waiters},
    Act{"group_policies", group_policies},
    Act{"post_flood", post_flood},
    Act{"busy_poll", busy_poll, true},
    Act{"hanging_poll", hanging_poll, true},
};
static_assert(kActs.size() <= kActsMax);

}  // namespace

std::span<const Act> acts() { return kActs; }

}  // namespace xpoll::attack

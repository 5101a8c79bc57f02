// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/stage.h"

namespace probes::path {
namespace {

struct Names {
  std::string_view key;
  std::array<std::string_view, PATH_KINDS> name;
};

constexpr std::array<Names, kStages> kNames{{
    {"received", {"netif_receive_skb", "netif_receive_skb"}},
    {"tcp", {"tcp_v4_rcv", "tcp_v4_rcv"}},
    {"established", {"tcp_rcv_established", "tcp_rcv_established"}},
    {"readable", {"sock_def_readable", "sock_def_readable"}},
    {"callback", {"ep_poll_callback", "xpoll_callback"}},
    {"waking", {"sched_waking", "sched_waking"}},
    {"running", {"sched_switch", "sched_switch"}},
    {"polled", {"tcp_poll", "tcp_poll"}},
    {"returned", {"epoll_wait returns", "XPOLL_IOC_WAIT returns"}},
}};

}  // namespace

std::string_view name_of(Kind kind) { return kind == Kind::native ? "native" : "xpoll"; }

std::string_view name_of(Stage stage, Kind kind) {
  return kNames[index_of(stage)].name[static_cast<std::size_t>(kind)];
}

std::string_view key_of(Stage stage) { return kNames[index_of(stage)].key; }

}  // namespace probes::path

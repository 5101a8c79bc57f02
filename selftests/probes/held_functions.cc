// SPDX-License-Identifier: GPL-2.0-only
#include "probes/held_functions.h"

#include <bpf/bpf.h>

#include "tools/probes/util/attachable.h"

namespace xpoll::test {
namespace {

// A function that is missing here only costs time. Those that xpoll hooks are missing, because it
// can't hook a function to which a program is attached.
constexpr const char* kProbed[] = {
    "tcp_v4_rcv",    "tcp_rcv_established", "sock_def_readable",
    "tcp_poll",      "ep_poll_callback",    "ep_autoremove_wake_function",
    "ep_start_scan", "ep_done_scan",        "ep_eventpoll_release"};

}  // namespace

HeldFunctions::HeldFunctions() {
  for (const char* function : kProbed) {
    const xpoll::unique_fd program = probes::load_idle_fentry(function);
    if (!program.valid()) continue;
    // The kernel knows the function of this type of program, so the call needs no name.
    attached_.push_back(checked_fd(bpf_raw_tracepoint_open(nullptr, program.get()), function));
  }
}

}  // namespace xpoll::test

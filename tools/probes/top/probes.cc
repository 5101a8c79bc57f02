// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/probes.h"

#include <bpf/bpf.h>
#include <fmt/format.h>
#include <linux/xpoll.h>

#include <chrono>
#include <utility>

#include "probes/top/kernel_functions.h"
#include "probes/top/kernel_maps.h"
#include "probes/top/watches.h"
#include "probes/util/attachable.h"
#include "probes/util/kernel_types.h"
#include "probes/util/missed_hits.h"
#include "probes/util/preconditions.h"
#include "probes/util/unavailable.h"

namespace top {
namespace {

static_assert((XPOLL_IOC_WAIT & 0xffff) == TOP_XPOLL_WAIT);

std::uint64_t monotonic_ns() {
  return static_cast<std::uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

void use(bpf_program* program) { bpf_program__set_autoload(program, true); }

bool kernel_has(const char* function) { return probes::kernel_function(function) > 0; }

}  // namespace

Probes::Probes(const Watched& wanted, bool histograms) : watched_(wanted) {
  probes::ProbeSet set(bpf_->obj);
  if (watched_[TOP_NATIVE]) choose_native();
  if (watched_[TOP_XPOLL]) choose_xpoll(set);
  set.tracepoint("thread_gone");
  use(bpf_->progs.find_holders);
  use(bpf_->progs.find_waiters);
  for (std::size_t kind = 0; kind < TOP_KINDS; ++kind)
    bpf_->rodata->watched_kinds[kind] = watched_[kind];
  bpf_->rodata->wants_histograms = histograms;
  bpf_.load_and_attach();
  // The instances must be known before their waiters.
  find_holders(bpf_->links.find_holders);
  find_waiters(bpf_->links.find_waiters);
}

void Probes::choose_native() {
  for (const char* function : {"do_epoll_create", "ep_eventpoll_release", "ep_poll_callback",
                               "ep_autoremove_wake_function", "do_epoll_wait"})
    if (!kernel_has(function))
      throw probes::Unavailable(fmt::format(
          "native epoll can't be watched, since {}() is inlined or missing in this kernel; try "
          "--xpoll",
          function));
  const auto& programs = bpf_->progs;
  for (bpf_program* program :
       {programs.native_gone, programs.native_callback, programs.native_wake})
    use(program);
  choose_native_calls();
  choose_native_scan();
}

void Probes::choose_native_calls() {
  const auto& programs = bpf_->progs;
  if (!probes::hooked_by_xpoll("do_epoll_wait")) {
    for (bpf_program* program :
         {programs.native_made, programs.native_wait_begins, programs.native_wait_ends})
      use(program);
    return;
  }
  for (bpf_program* program : {programs.native_made_kretprobe, programs.native_wait_begins_kprobe,
                               programs.native_wait_ends_kretprobe})
    use(program);
  kprobes_.push_back({"native_made_kretprobe", "kretprobe", "do_epoll_create"});
  kprobes_.push_back({"native_wait_begins_kprobe", "kprobe", "do_epoll_wait"});
  kprobes_.push_back({"native_wait_ends_kretprobe", "kretprobe", "do_epoll_wait"});
  notes_.emplace_back("do_epoll_create and do_epoll_wait by kprobes, since xpoll has hooked them");
}

/// Where the compiler has inlined the function that begins a scan, as in 6.1, no other function
/// marks that moment.
void Probes::choose_native_scan() {
  Known& known = known_[TOP_NATIVE];
  known.scan = kernel_has("ep_start_scan") && kernel_has("ep_done_scan");
  if (known.scan) {
    use(bpf_->progs.native_scan_begins);
    use(bpf_->progs.native_scan_ends);
  }
  notes_.emplace_back(known.scan
                          ? "native epoll by fentry and fexit"
                          : "native epoll by fentry and fexit; its time in scans is not available, "
                            "since ep_start_scan() is inlined in this kernel");
}

void Probes::choose_xpoll(probes::ProbeSet& set) {
  if (!probes::xpoll_loaded()) {
    if (!watched_[TOP_NATIVE]) probes::require_xpoll();
    watched_[TOP_XPOLL] = false;
    notes_.emplace_back("xpoll is not loaded: native epoll alone");
    return;
  }
  for (const char* program : {"xpoll_made", "xpoll_gone", "xpoll_ctl", "xpoll_last_close",
                              "xpoll_callback", "xpoll_queue", "xpoll_wake", "xpoll_wait_begins",
                              "xpoll_wait_ends", "xpoll_scan_begins", "xpoll_scan_ends"})
    set.tracepoint(program);
  choose_xpoll_waiter();
}

/// No tracepoint names the woken task.
void Probes::choose_xpoll_waiter() {
  constexpr const char* kFunction = "xp_waiter_wake";
  std::string note = "xpoll by its tracepoints";
  switch (probe_for("xpoll", kFunction)) {
    case FunctionProbe::kFentry:
      use(bpf_->progs.xpoll_waiter_fentry);
      note += fmt::format(" and fentry {}", kFunction);
      break;
    case FunctionProbe::kKprobe:
      use(bpf_->progs.xpoll_waiter_kprobe);
      kprobes_.push_back({"xpoll_waiter_kprobe", "kprobe", kFunction});
      note += fmt::format(" and kprobe {}", kFunction);
      break;
    case FunctionProbe::kNone:
      known_[TOP_XPOLL].spurious = false;
      note +=
          fmt::format("; its spurious wakes are not available, since there is no {}()", kFunction);
      break;
  }
  notes_.push_back(std::move(note));
}

Observation Probes::observe() const {
  Observation observation;
  // The order matters: an instance closed meanwhile is found once, as closed, now or next time.
  observation.holders = find_holders(bpf_->links.find_holders);
  observation.closed = take_closed(bpf_->maps.closed);
  observation.open = read_instances(bpf_->maps.instances);
  observation.ns = monotonic_ns();
  observation.workers = take_workers({.workers = bpf_->maps.workers,
                                      .instances = bpf_->maps.instances,
                                      .threads = bpf_->maps.waits});
  observation.histograms = take_histograms(bpf_->maps.histograms, observation.closed);
  // Advance the turn last: an absence that ends meanwhile belongs to this turn, or was reported as
  // continuing.
  observation.turn = bpf_->bss->turn++;
  return observation;
}

Lost Probes::lost() const {
  return {.hits = probes::missed_hits(bpf_->obj, kprobes_), .full = bpf_->bss->lost};
}

std::optional<std::int64_t> Probes::watches_before(const top_instance& instance) const {
  const auto there = count_watches(static_cast<top_kind>(instance.kind),
                                   static_cast<pid_t>(instance.pid), instance.fd);
  top_instance now{};
  if (!there || bpf_map__lookup_elem(bpf_->maps.instances, &instance.ep, sizeof(instance.ep), &now,
                                     sizeof(now), 0) != 0)
    return std::nullopt;
  // The watches changed while they were counted. Try again next time.
  if (now.seen_since != instance.seen_since || now.counts.watches != instance.counts.watches)
    return std::nullopt;
  return static_cast<std::int64_t>(*there) - now.counts.watches;
}

}  // namespace top

// SPDX-License-Identifier: GPL-2.0-only
#include "counter.h"

#include <bpf/libbpf.h>
#include <linux/xpoll.h>

#include <atomic>

#include "probes/counts.skel.h"
#include "probes/util/missed_hits.h"
#include "probes/util/preconditions.h"
#include "probes/util/probe_set.h"
#include "probes/util/skeleton.h"

static_assert(COUNTS_XPOLL_MAGIC == XPOLL_IOC_MAGIC);
static_assert(COUNTS_XPOLL_WAIT == _IOC_NR(XPOLL_IOC_WAIT));
static_assert(COUNTS_XPOLL_COMMANDS > _IOC_NR(XPOLL_IOC_STATS));

namespace probes::compare {

class Counter::Programs final {
 public:
  Programs() : set(bpf->obj) {
    for (const char* program :
         {"on_exec", "on_fork", "on_switch", "on_waking", "on_call", "on_return"})
      set.tracepoint(program);
    set.function("on_native_callback", {"on_native_callback_kprobe"});
    set.function("on_native_release", {"on_native_release_kprobe"});
    if (xpoll_loaded())
      for (const char* program : {"on_xpoll_create", "on_xpoll_release", "on_xpoll_callback"})
        set.tracepoint(program);
  }

  Skeleton<counts_bpf> bpf;
  ProbeSet set;
};

Counter::Counter(pid_t command, unsigned launcher_execs) : programs_(std::make_unique<Programs>()) {
  programs_->bpf->rodata->command_pid = command;
  programs_->bpf->rodata->launcher_execs = launcher_execs;
  programs_->bpf.load_and_attach();
}

Counter::~Counter() = default;

bool Counter::serving() const {
  return std::atomic_ref<bool>(programs_->bpf->bss->serving).load(std::memory_order_acquire);
}

bool Counter::counts_process(std::uint32_t tgid) const {
  bool there = false;
  return bpf_map__lookup_elem(programs_->bpf->maps.processes, &tgid, sizeof(tgid), &there,
                              sizeof(there), 0) == 0;
}

counts Counter::figures() const { return programs_->bpf->bss->counts; }

std::optional<std::uint64_t> Counter::missed() const {
  return missed_hits(programs_->bpf->obj, programs_->set.uses());
}

std::string Counter::probes() const { return probes::describe(programs_->set.uses()); }

}  // namespace probes::compare

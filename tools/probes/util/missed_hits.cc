// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/missed_hits.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace probes {
namespace {

std::uint64_t missed_by(const bpf_program* program) {
  const int fd = bpf_program__fd(program);
  if (fd < 0) return 0;  // not loaded
  bpf_prog_info info{};
  __u32 size = sizeof(info);
  if (bpf_obj_get_info_by_fd(fd, &info, &size) < 0)
    throw std::system_error(errno, std::generic_category(), "asking about an eBPF program");
  return info.recursion_misses;
}

bool is_kprobe(const ProbeUse& use) { return use.kind == "kprobe" || use.kind == "kretprobe"; }

}  // namespace

std::optional<std::uint64_t> missed_hits(const bpf_object* object,
                                         const std::vector<ProbeUse>& uses) {
  if (std::ranges::any_of(uses, is_kprobe)) return std::nullopt;
  std::uint64_t missed = 0;
  const bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object, const_cast<bpf_program*>(program))) != nullptr)
    missed += missed_by(program);
  return missed;
}

}  // namespace probes

// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/attachable.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/bpf.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <xpoll/unique_fd.hpp>

#include "probes/util/kernel_types.h"

namespace probes {
namespace {

using xpoll::unique_fd;

/// return 0
constexpr std::array<bpf_insn, 2> kNothing{{
    {.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .src_reg = 0, .off = 0, .imm = 0},
    {.code = BPF_JMP | BPF_EXIT, .dst_reg = 0, .src_reg = 0, .off = 0, .imm = 0},
}};

unique_fd load_nothing(bpf_prog_type type, bpf_prog_load_opts& options) {
  return unique_fd(bpf_prog_load(type, nullptr, "GPL", kNothing.data(), kNothing.size(), &options));
}

unique_fd load_for_tracepoint() {
  bpf_prog_load_opts options{};
  options.sz = sizeof(options);
  unique_fd program = load_nothing(BPF_PROG_TYPE_RAW_TRACEPOINT, options);
  if (!program.valid())
    throw std::system_error(errno, std::generic_category(), "loading an eBPF program");
  return program;
}

}  // namespace

bool tracepoint_there(const std::string& name) {
  const unique_fd program = load_for_tracepoint();
  const unique_fd link(bpf_raw_tracepoint_open(name.c_str(), program.get()));
  if (link.valid()) return true;
  if (errno == ENOENT) return false;
  throw std::system_error(errno, std::generic_category(), "attaching to tracepoint " + name);
}

unique_fd load_idle_fentry(const std::string& function) {
  const int type = kernel_function(function.c_str());
  if (type <= 0) return {};
  bpf_prog_load_opts options{};
  options.sz = sizeof(options);
  options.expected_attach_type = BPF_TRACE_FENTRY;
  options.attach_btf_id = static_cast<__u32>(type);
  return load_nothing(BPF_PROG_TYPE_TRACING, options);
}

bool hooked_by_xpoll(const std::string& function) {
  constexpr std::array<std::string_view, 3> kHooked{"do_epoll_create", "do_epoll_ctl",
                                                    "do_epoll_wait"};
  if (std::ranges::find(kHooked, function) == kHooked.end()) return false;
  const unique_fd device(open("/dev/xpoll", O_RDWR | O_CLOEXEC));
  xpoll_features features{};
  return device.valid() && ioctl(device.get(), XPOLL_IOC_FEATURES, &features) == 0 &&
         (features.features & XPOLL_FEATURE_EPOLL_CALLS) != 0;
}

// Load only, do not attach: each detach would wait until every task of the system has scheduled.
bool fentry_possible(const std::string& function) {
  return !hooked_by_xpoll(function) && load_idle_fentry(function).valid();
}

}  // namespace probes

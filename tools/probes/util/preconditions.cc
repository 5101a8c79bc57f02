// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/preconditions.h"

#include <fmt/format.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <string>
#include <system_error>

#include "probes/util/attachable.h"
#include "probes/util/unavailable.h"

namespace probes {
namespace {

constexpr const char* kKernelTypes = "/sys/kernel/btf/vmlinux";

std::uint64_t effective_capabilities() {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> data{};
  if (syscall(SYS_capget, &header, data.data()) < 0)
    throw std::system_error(errno, std::generic_category(), "capget");
  return data[0].effective | static_cast<std::uint64_t>(data[1].effective) << 32U;
}

void require_permission() {
  const std::uint64_t effective = effective_capabilities();
  const auto has = [effective](unsigned capability) { return (effective >> capability & 1U) != 0; };
  if (has(CAP_SYS_ADMIN)) return;
  std::string missing;
  if (!has(CAP_BPF)) missing += " CAP_BPF";
  if (!has(CAP_PERFMON)) missing += " CAP_PERFMON";
  if (missing.empty()) return;
  throw Unavailable(fmt::format(
      "no permission to load eBPF programs: missing{}; run as root, or give the program "
      "both: setcap cap_bpf,cap_perfmon+ep FILE",
      missing));
}

void require_kernel_types() {
  if (access(kKernelTypes, R_OK) == 0) return;
  throw Unavailable(
      fmt::format("no BTF of this kernel ({}: {}): it needs a kernel with CONFIG_DEBUG_INFO_BTF=y, "
                  "as Debian's are, and /sys mounted",
                  kKernelTypes, std::generic_category().message(errno)));
}

}  // namespace

void require_bpf() {
  require_permission();
  require_kernel_types();
}

bool xpoll_loaded() { return tracepoint_there("xpoll_callback"); }

void require_xpoll() {
  if (xpoll_loaded()) return;
  throw Unavailable(
      "xpoll is not loaded: modprobe xpoll, or look at native epoll alone (--native)");
}

}  // namespace probes

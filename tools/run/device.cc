// SPDX-License-Identifier: GPL-2.0-only
#include "device.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "failure.h"

namespace run {
namespace {

constexpr const char* path = "/dev/xpoll";
/// The features that the preload library needs.
constexpr std::uint64_t preload_features =
    XPOLL_FEATURE_WAIT_TIMESPEC | XPOLL_FEATURE_STATS | XPOLL_FEATURE_KEY;

[[noreturn]] void refuse(const std::string& why) { throw Failure(Status::refused, why); }

bool is_module_loaded() {
  std::error_code ignored;
  return std::filesystem::exists("/sys/module/xpoll", ignored);
}

[[noreturn]] void refuse_absent_device() {
  if (is_module_loaded())
    refuse(
        fmt::format("the module xpoll is loaded, but there is no {0}: bring {0} into this "
                    "container or chroot, or check that udev runs",
                    path));
  refuse(fmt::format("there is no {}: load the module (modprobe xpoll, or insmod xpoll.ko)", path));
}

[[noreturn]] void refuse_unopened_device(int error) {
  switch (error) {
    case ENOENT:
    case ENOTDIR:
      refuse_absent_device();
    case ENODEV:
    case ENXIO:
      refuse(fmt::format("{} exists, but the module is not loaded: modprobe xpoll", path));
    case EACCES:
      refuse(
          fmt::format("{0} may not be opened: chmod 0666 {0} (udev's rule 60-xpoll.rules does "
                      "it)",
                      path));
    case EPERM:
      refuse(fmt::format("{} may not be opened: allow it in the device cgroup", path));
    default:
      refuse(fmt::format("{}: {}", path, std::strerror(error)));
  }
}

xpoll::unique_fd open_device() {
  xpoll::unique_fd device(open(path, O_RDWR | O_CLOEXEC));
  if (!device.valid()) refuse_unopened_device(errno);
  return device;
}

void check_features(const xpoll::unique_fd& device, std::uint64_t needed) {
  xpoll_features features{};
  if (ioctl(device.get(), XPOLL_IOC_FEATURES, &features) < 0)
    refuse(fmt::format("{} is not xpoll's: {}", path, std::strerror(errno)));
  if (features.abi_version != XPOLL_ABI_VERSION)
    refuse(
        fmt::format("the module's ABI has version {}, this program is built for {}: install both "
                    "from one source",
                    features.abi_version, XPOLL_ABI_VERSION));
  if ((features.features & needed) != needed)
    refuse("the module is older than this program: build it again, rmmod xpoll, modprobe xpoll");
}

bool is_forbidden() {
  std::ifstream parameter("/sys/module/xpoll/parameters/epoll_calls");
  std::string value;
  return parameter >> value && value == "off";
}

std::string why_not_opted_in(int error) {
  switch (error) {
    case ENOTTY:
      return "the module is older than this program";
    case EOPNOTSUPP:
      return is_forbidden() ? "the module's parameter epoll_calls is off"
                            : "the module could not hook the kernel's functions (dmesg has the "
                              "reason; after 10 "
                              "seconds it tries again if another user occupied them)";
    default:
      return std::strerror(error);
  }
}

/// A free number below 1024, because the kernel's descriptor table grows with the highest number.
/// Not one of the lowest, because programs expect to get those.
int high_number() {
  constexpr rlim_t enough = 1024;
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  int number = static_cast<int>(std::min(limit.rlim_cur, enough)) - 1;
  while (fcntl(number, F_GETFD) >= 0) --number;
  return number;
}

}  // namespace

Device::Device(std::uint64_t features) : file_(open_device()) {
  check_features(file_, preload_features | features);
}

Group Device::group() const {
  const int number = ioctl(file_.get(), XPOLL_IOC_GROUP);
  Group group{.number = static_cast<std::uint32_t>(number), .key = 0};
  if (number < 0 || ioctl(file_.get(), XPOLL_IOC_KEY, &group.key) < 0)
    refuse(fmt::format("can't create a group for the counters: {}", std::strerror(errno)));
  return group;
}

xpoll_stats Device::stats() const {
  xpoll_stats stats{};
  if (ioctl(file_.get(), XPOLL_IOC_STATS, &stats) < 0)
    refuse(fmt::format("can't read the module's counters: {}", std::strerror(errno)));
  return stats;
}

void Device::set_wake_policy(std::uint32_t policy, int program) const {
  const xpoll_wake wake{.policy = policy, .prog_fd = program, .heartbeat_ns = 0, .reserved = {}};
  if (ioctl(file_.get(), XPOLL_IOC_WAKE, &wake) < 0)
    refuse(fmt::format("the module refuses the wake policy: {}", std::strerror(errno)));
}

bool Device::is_opted_in() const {
  const struct xpoll_process ask {
    .mode = XPOLL_PROCESS_ASK, .group = 0, .key = 0, .flags = 0, .reserved = {}
  };
  return ioctl(file_.get(), XPOLL_IOC_PROCESS, &ask) == 1;
}

std::optional<std::string> Device::opt_in(const std::optional<Group>& group,
                                          std::uint32_t create_flags) const {
  if (!group && !create_flags && is_opted_in()) return std::nullopt;
  const Group wanted = group.value_or(Group{.number = 0, .key = 0});
  const struct xpoll_process process {
    .mode = XPOLL_PROCESS_XPOLL, .group = wanted.number, .key = wanted.key, .flags = create_flags,
    .reserved = {}
  };
  if (ioctl(file_.get(), XPOLL_IOC_PROCESS, &process) >= 0) return std::nullopt;
  return why_not_opted_in(errno);
}

void Device::require_close_removes() const {
  const xpoll_create create{.flags = XPOLL_CREATE_CLOSE_REMOVES | XPOLL_CLOEXEC, .group = 0};
  const xpoll::unique_fd instance(ioctl(file_.get(), XPOLL_IOC_CREATE, &create));
  if (instance.valid()) return;
  if (errno == EOPNOTSUPP)
    refuse(
        "the module could not hook the kernel's closes for --close-removes (dmesg has the reason)");
  refuse(fmt::format("no instance for --close-removes: {}", std::strerror(errno)));
}

void Device::pass_on() const {
  if (dup2(file_.get(), high_number()) < 0)
    refuse(fmt::format("can't keep a descriptor for the group: {}", std::strerror(errno)));
}

}  // namespace run

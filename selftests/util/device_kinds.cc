// SPDX-License-Identifier: GPL-2.0-only
#include "device_kinds.h"

#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "tools/util/child.h"

namespace xpoll::test {
namespace {

// A device, and the module that provides it; none if it is always present.
struct Device {
  const char* name;
  const char* path;
  const char* module;
};

constexpr Device kDevices[] = {
    {"Null", "/dev/null", nullptr},
    {"Zero", "/dev/zero", nullptr},
    {"Full", "/dev/full", nullptr},
    {"Random", "/dev/random", nullptr},
    {"Urandom", "/dev/urandom", nullptr},
    {"Memory", "/dev/mem", nullptr},
    {"KernelLog", "/dev/kmsg", nullptr},
    {"Terminal", "/dev/tty1", nullptr},
    {"Screen", "/dev/vcs1", nullptr},
    {"CpuLatency", "/dev/cpu_dma_latency", nullptr},
    {"Ptmx", "/dev/ptmx", nullptr},
    {"Xpoll", "/dev/xpoll", nullptr},
    {"Fuse", "/dev/fuse", "fuse"},
    {"Cuse", "/dev/cuse", "cuse"},
    {"LoopControl", "/dev/loop-control", "loop"},
    {"LoopDevice", "/dev/loop0", "loop"},
    {"TunUnattached", "/dev/net/tun", "tun"},
    {"VhostNet", "/dev/vhost-net", "vhost_net"},
    {"VhostVsock", "/dev/vhost-vsock", "vhost_vsock"},
    {"VsockDevice", "/dev/vsock", "vsock"},
    {"Rfkill", "/dev/rfkill", "rfkill"},
    {"Uinput", "/dev/uinput", "uinput"},
    {"Uhid", "/dev/uhid", "uhid"},
    {"DeviceMapper", "/dev/mapper/control", "dm_mod"},
    {"Btrfs", "/dev/btrfs-control", "btrfs"},
    {"Ppp", "/dev/ppp", "ppp_generic"},
    {"Vfio", "/dev/vfio/vfio", "vfio"},
    {"Sequencer", "/dev/snd/seq", "snd_seq"},
    {"SoundTimer", "/dev/snd/timer", "snd_timer"},
};

// If the module is missing, the device is missing too.
void load_module(const char* module) { Child({"/sbin/modprobe", "-q", module}, {}).wait(); }

unique_fd open_device(const Device& device) {
  if (device.module) load_module(device.module);
  constexpr int kFlags = O_CLOEXEC | O_NONBLOCK | O_NOCTTY;
  unique_fd fd(open(device.path, O_RDWR | kFlags));
  return fd.valid() ? std::move(fd) : unique_fd(open(device.path, O_RDONLY | kFlags));
}

// As btrfs's does on newer kernels, after it has read its argument: no caller can tell what it is.
bool answers_any_command(int fd) {
  std::array<char, 4096> argument{};
  return ioctl(fd, _IO(XPOLL_IOC_MAGIC, 0xff), argument.data()) == 0;
}

DescriptorKind kind_of(const Device& device) {
  return {device.name, [device] {
            unique_fd fd = open_device(device);
            return answers_any_command(fd.get()) ? unique_fd() : std::move(fd);
          }};
}

unique_fd tun_attached() {
  unique_fd tun = open_device({"", "/dev/net/tun", "tun"});
  ifreq request{};
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  return ioctl(tun.get(), TUNSETIFF, &request) == 0 ? std::move(tun) : unique_fd();
}

// VHOST_SET_OWNER of <linux/vhost.h>, which does not compile as C++.
constexpr unsigned long kVhostSetOwner = _IO(0xAF, 0x01);

unique_fd vhost_owned() {
  unique_fd vhost = open_device({"", "/dev/vhost-net", "vhost_net"});
  return ioctl(vhost.get(), kVhostSetOwner) == 0 ? std::move(vhost) : unique_fd();
}

unique_fd pty_slave() {
  const unique_fd master(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (unlockpt(master.get()) != 0) return unique_fd();
  return unique_fd(ioctl(master.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
}

}  // namespace

std::vector<DescriptorKind> device_kinds() {
  std::vector<DescriptorKind> kinds{
      {"TunAttached", tun_attached}, {"VhostOwned", vhost_owned}, {"PtySlave", pty_slave}};
  for (const Device& device : kDevices) kinds.push_back(kind_of(device));
  return kinds;
}

}  // namespace xpoll::test

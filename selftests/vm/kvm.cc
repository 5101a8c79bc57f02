// SPDX-License-Identifier: GPL-2.0-only
#include "kvm.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/kvm.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "unique_fd.h"

namespace xpoll::vm {

namespace {

constexpr size_t kPage = 4096;
constexpr uint8_t kHalt = 0xf4;

[[noreturn]] void refuse(const std::string& what) {
  throw std::runtime_error(fmt::format(
      "/dev/kvm cannot run a guest on this host: {}; use software emulation (ACCEL=tcg)", what));
}

template <typename... Argument>
int kvm_ioctl(int fd, unsigned long request, const char* name, Argument... argument) {
  const int result = ::ioctl(fd, request, argument...);
  if (result < 0) refuse(fmt::format("{}: {}", name, std::strerror(errno)));
  return result;
}

/** One page of guest memory. */
class Page {
 public:
  Page()
      : address_{
            ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)} {
    if (address_ == MAP_FAILED) refuse("no memory");
  }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;
  ~Page() { ::munmap(address_, kPage); }
  [[nodiscard]] uint8_t* data() const { return static_cast<uint8_t*>(address_); }

 private:
  void* address_;
};

void start_at_zero(int cpu) {
  kvm_sregs special{};
  kvm_ioctl(cpu, KVM_GET_SREGS, "KVM_GET_SREGS", &special);
  special.cs.base = 0;
  special.cs.selector = 0;
  kvm_ioctl(cpu, KVM_SET_SREGS, "KVM_SET_SREGS", &special);
  kvm_regs registers{};
  registers.rflags = 2;  // the one bit that is always set
  kvm_ioctl(cpu, KVM_SET_REGS, "KVM_SET_REGS", &registers);
}

}  // namespace

void require_kvm() {
  const UniqueFd kvm{::open("/dev/kvm", O_RDWR | O_CLOEXEC)};
  if (!kvm.valid()) refuse(fmt::format("open: {}", std::strerror(errno)));
  const UniqueFd vm{kvm_ioctl(kvm.get(), KVM_CREATE_VM, "KVM_CREATE_VM", 0UL)};
  const Page page;
  page.data()[0] = kHalt;
  kvm_userspace_memory_region region{};
  region.memory_size = kPage;
  region.userspace_addr = reinterpret_cast<uint64_t>(page.data());
  kvm_ioctl(vm.get(), KVM_SET_USER_MEMORY_REGION, "KVM_SET_USER_MEMORY_REGION", &region);

  const UniqueFd cpu{kvm_ioctl(vm.get(), KVM_CREATE_VCPU, "KVM_CREATE_VCPU", 0UL)};
  const auto size = static_cast<size_t>(
      kvm_ioctl(kvm.get(), KVM_GET_VCPU_MMAP_SIZE, "KVM_GET_VCPU_MMAP_SIZE", 0UL));
  void* shared = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, cpu.get(), 0);
  if (shared == MAP_FAILED) refuse("no memory");
  start_at_zero(cpu.get());
  kvm_ioctl(cpu.get(), KVM_RUN, "KVM_RUN", 0UL);
  const uint32_t reason = static_cast<kvm_run*>(shared)->exit_reason;
  ::munmap(shared, size);
  if (reason != KVM_EXIT_HLT) refuse(fmt::format("its first instruction ended with {}", reason));
}

}  // namespace xpoll::vm

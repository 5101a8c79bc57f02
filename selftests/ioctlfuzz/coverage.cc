// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/coverage.h"

#include <fcntl.h>
#include <linux/kcov.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace xpoll::ioctlfuzz {
namespace {

constexpr const char* kKcov = "/sys/kernel/debug/kcov";
constexpr std::size_t kEntries = 1 << 16;

// Atomic, because the kernel appends entries while this thread reads them, in its own system calls.
std::uint64_t load(const std::uint64_t* count) { return __atomic_load_n(count, __ATOMIC_RELAXED); }
void store(std::uint64_t* count, std::uint64_t value) {
  __atomic_store_n(count, value, __ATOMIC_RELAXED);
}

}  // namespace

bool can_trace() { return access(kKcov, R_OK | W_OK) == 0; }

// The fields of a line: name size references users state address.
Reached::Reached() {
  std::ifstream modules("/proc/modules");
  for (std::string line; std::getline(modules, line);) {
    std::istringstream fields(line);
    std::string name;
    std::string other;
    if (!(fields >> name >> size_) || name != "xpoll") continue;
    fields >> other >> other >> other >> std::hex >> start_ >> std::dec;
    // "0x" is read as the number's prefix.
    if (!fields) throw std::runtime_error("line of an unknown form in /proc/modules: " + line);
    return;
  }
  throw std::runtime_error("xpoll is not in /proc/modules");
}

std::size_t Reached::add(const std::uint64_t* begin, const std::uint64_t* end) {
  std::size_t added = 0;
  const std::scoped_lock lock(mutex_);
  for (; begin != end; ++begin) {
    if (*begin - start_ < size_) added += offsets_.insert(*begin - start_).second;
  }
  return added;
}

Trace::Trace(Reached& reached) : reached_(reached) {
  if (!can_trace()) return;
  kcov_ = checked_fd(open(kKcov, O_RDWR | O_CLOEXEC), kKcov);
  checked(ioctl(kcov_.get(), KCOV_INIT_TRACE, kEntries), "KCOV_INIT_TRACE");
  void* buffer = mmap(nullptr, kEntries * sizeof(*buffer_), PROT_READ | PROT_WRITE, MAP_SHARED,
                      kcov_.get(), 0);
  if (buffer == MAP_FAILED) checked(-1, "mmap of kcov");
  buffer_ = static_cast<std::uint64_t*>(buffer);
  checked(ioctl(kcov_.get(), KCOV_ENABLE, KCOV_TRACE_PC), "KCOV_ENABLE");
}

Trace::~Trace() {
  if (!buffer_) return;
  ioctl(kcov_.get(), KCOV_DISABLE, 0);
  munmap(buffer_, kEntries * sizeof(*buffer_));
}

void Trace::start() {
  if (buffer_) store(buffer_, 0);
}

bool Trace::found_new() {
  if (!buffer_) return false;
  const std::uint64_t count = load(buffer_);
  return reached_.add(buffer_ + 1, buffer_ + 1 + count) > 0;
}

}  // namespace xpoll::ioctlfuzz

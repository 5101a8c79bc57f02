// SPDX-License-Identifier: GPL-2.0-only
#include "world.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/xpoll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "divergence.h"

namespace xpoll::fuzz {
namespace {

// Large enough for all watches that an instance can have.
constexpr std::size_t kFdinfoSize = 64 * 1024;

// The kernel's encoding of a device number, which differs from stat(2)'s.
std::uint64_t kernel_device(dev_t device) {
  constexpr int kMinorBits = 20;
  return std::uint64_t{major(device)} << kMinorBits | minor(device);
}

}  // namespace

World::World(Backend backend, int first_descriptor)
    : backend_(backend), first_(first_descriptor), fdinfo_(kSlots) {}

World::~World() {
  for (int slot = 0; slot < kSlots; slot++) ::close(fd(slot));
}

void World::place(int slot, unique_fd descriptor) {
  checked(dup3(descriptor.get(), fd(slot), O_CLOEXEC), "dup3");
  descriptor.reset();
  placed_[static_cast<std::size_t>(slot)]++;
  remember(slot);
}

int World::duplicate(int from, int to) {
  if (dup3(fd(from), fd(to), O_CLOEXEC) < 0) return -1;
  placed_[static_cast<std::size_t>(to)]++;
  return 0;
}

void World::remember(int slot) {
  struct stat status {};
  checked(fstat(fd(slot), &status), "fstat");
  objects_.try_emplace({kernel_device(status.st_dev), status.st_ino},
                       static_cast<long>(objects_.size()));
}

// The eventfd that the instance watches, which stays its own if the instance gets other numbers.
int World::posting_descriptor(int slot) {
  for (const Watch& watch : all_watches(slot))
    if (watch.slot >= kSlots) return fd(static_cast<int>(watch.slot));
  const unique_fd made = checked_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd");
  const int number = fd(kSlots + static_cast<int>(posting_.size()));
  posting_.push_back(checked_fd(dup3(made.get(), number, O_CLOEXEC), "dup3"));
  checked(backend_.add(fd(slot), number, EPOLLIN | EPOLLET, 0), "add");
  return number;
}

// An event that was not delivered keeps its place and gets new data; its waiters are woken again.
int World::post(int slot, std::uint64_t data) {
  if (backend_.is_xpoll()) return ioctl(fd(slot), XPOLL_IOC_POST, &data);
  const int posting = posting_descriptor(slot);
  eventfd_t count = 0;
  if (eventfd_read(posting, &count) < 0 && errno != EAGAIN) return -1;
  if (backend_.mod(fd(slot), posting, EPOLLIN | EPOLLET, data) < 0) return -1;
  return eventfd_write(posting, 1);
}

// Parses "tfd: %8d events: %8x data: %16llx  pos:%lli ino:%lx sdev:%x\n" and moves `line` to the
// next line.
Watch World::parse(const char*& line) const {
  const auto number = [this, &line](std::string_view label, int base) {
    while (*line == ' ') line++;
    if (std::strncmp(line, label.data(), label.size()) != 0)
      throw Divergence(fmt::format("{}: fdinfo without \"{}\": {}", backend_.name(), label, line));
    char* end = nullptr;
    const unsigned long value = std::strtoul(line + label.size(), &end, base);
    line = end;
    return value;
  };
  Watch watch{};
  watch.slot = static_cast<long>(number("tfd:", 10)) - first_;
  watch.events = number("events:", 16);
  watch.data = number("data:", 16);
  watch.position = static_cast<long>(number("pos:", 10));
  const std::uint64_t inode = number("ino:", 16);
  const std::uint64_t device = number("sdev:", 16);
  const auto object = objects_.find({device, inode});
  watch.object = object == objects_.end() ? -1 : object->second;
  if (*line == '\n') line++;
  return watch;
}

std::vector<Watch> World::watches(int slot) {
  std::vector<Watch> watches = all_watches(slot);
  std::erase_if(watches, [](const Watch& watch) { return watch.slot >= kSlots; });
  return watches;
}

std::vector<Watch> World::all_watches(int slot) {
  // Stays open: a read shows whatever the descriptor number refers to at that time.
  unique_fd& file = fdinfo_[static_cast<std::size_t>(slot)];
  if (!file.valid()) {
    const std::string path = fmt::format("/proc/self/fdinfo/{}", fd(slot));
    file = checked_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC), path);
  }
  static std::array<char, kFdinfoSize> text;
  const auto length = checked(static_cast<int>(pread(file.get(), text.data(), text.size() - 1, 0)),
                              "reading fdinfo");
  text[static_cast<std::size_t>(length)] = '\0';

  std::vector<Watch> watches;
  const char* line = std::strstr(text.data(), "tfd:");
  while (line && *line) watches.push_back(parse(line));
  std::ranges::sort(watches);
  return watches;
}

std::string to_string(const std::vector<Watch>& watches) {
  std::string text;
  for (const Watch& watch : watches)
    text += fmt::format("  slot {} events {:#x} data {:#x} pos {} object {}\n", watch.slot,
                        watch.events, watch.data, watch.position, watch.object);
  return text;
}

}  // namespace xpoll::fuzz

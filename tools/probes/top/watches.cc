// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top/watches.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

namespace top {
namespace {

constexpr std::array<const char*, TOP_KINDS> kLinks{"anon_inode:[eventpoll]", "anon_inode:[xpoll]"};

bool is_of(top_kind kind, pid_t pid, int fd) {
  std::error_code gone;
  const auto link = std::filesystem::read_symlink(fmt::format("/proc/{}/fd/{}", pid, fd), gone);
  return !gone && link == kLinks[kind];
}

/// One line per watch; empty if the descriptor is no instance of that kind.
std::optional<std::vector<std::string>> watches_of(top_kind kind, pid_t pid, int fd) {
  if (!is_of(kind, pid, fd)) return std::nullopt;
  std::ifstream file(fmt::format("/proc/{}/fdinfo/{}", pid, fd));
  if (!file) return std::nullopt;
  std::vector<std::string> watches;
  for (std::string line; std::getline(file, line);)
    if (line.starts_with("tfd:")) watches.push_back(line);
  return watches;
}

Exclusive exclusive_in(const std::string& watch) {
  std::uint32_t events = 0;
  FileNumber file;
  const int found = std::sscanf(
      watch.c_str(), "tfd: %*d events: %" SCNx32 " data: %*x pos:%*d ino:%" SCNx64 " sdev:%" SCNx64,
      &events, &file.inode, &file.device);
  if (found != 3 || (events & EPOLLEXCLUSIVE) == 0) return std::nullopt;
  return file;
}

/// The inode that eventfds, timers and instances share, which identifies no file.
std::optional<FileNumber> common_inode(pid_t pid, int fd) {
  struct stat status {};
  if (stat(fmt::format("/proc/{}/fd/{}", pid, fd).c_str(), &status) != 0) return std::nullopt;
  constexpr int kMinorBits = 20;  // in the kernel's own form of a device number
  return FileNumber{
      .device = (std::uint64_t{major(status.st_dev)} << kMinorBits) | minor(status.st_dev),
      .inode = status.st_ino};
}

}  // namespace

std::optional<std::uint64_t> count_watches(top_kind kind, pid_t pid, int fd) {
  const auto watches = watches_of(kind, pid, fd);
  if (!watches) return std::nullopt;
  return watches->size();
}

std::optional<Exclusive> exclusively_watched(top_kind kind, pid_t pid, int fd) {
  const auto watches = watches_of(kind, pid, fd);
  const std::optional<FileNumber> common = common_inode(pid, fd);
  if (!watches || !common) return std::nullopt;
  Exclusive first;
  for (const std::string& watch : *watches) {
    const auto file = exclusive_in(watch);
    if (file && file != common && (!first || *file < *first)) first = file;
  }
  return first;
}

}  // namespace top

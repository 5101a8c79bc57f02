// SPDX-License-Identifier: GPL-2.0-only
#include "cpio.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <iterator>

namespace xpoll::vm {

namespace {

constexpr size_t kAlignment = 4;

void pad(std::string& bytes) {
  bytes.append((kAlignment - bytes.size() % kAlignment) % kAlignment, '\0');
}

void append_entry(std::string& bytes, std::string_view path, std::string_view content,
                  uint32_t inode, uint32_t mode, uint32_t links) {
  // Fields: magic, ino, mode, uid, gid, nlink, mtime, filesize, device numbers, namesize, check.
  fmt::format_to(std::back_inserter(bytes),
                 "070701{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}{:08x}"
                 "{:08x}",
                 inode, mode, 0, 0, links, 0, content.size(), 0, 0, 0, 0, path.size() + 1, 0);
  bytes.append(path);
  bytes.push_back('\0');
  pad(bytes);
  bytes.append(content);
  pad(bytes);
}

}  // namespace

void CpioArchive::add_directory(std::string_view path) {
  append_entry(bytes_, path, "", next_inode_++, S_IFDIR | 0755U, 2);
}

void CpioArchive::add_file(std::string_view path, std::string_view content, uint32_t permissions) {
  append_entry(bytes_, path, content, next_inode_++, S_IFREG | permissions, 1);
}

std::string CpioArchive::finish() const {
  std::string closed = bytes_;
  append_entry(closed, "TRAILER!!!", "", 0, 0, 1);
  return closed;
}

}  // namespace xpoll::vm

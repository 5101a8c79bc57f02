// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace xpoll::vm {

/** Builds an uncompressed cpio archive in the "newc" format of an initramfs. */
class CpioArchive {
 public:
  void add_directory(std::string_view path);
  void add_file(std::string_view path, std::string_view content, uint32_t permissions);

  /** The archive with its trailer. Another archive may follow it in one initramfs. */
  [[nodiscard]] std::string finish() const;

 private:
  std::string bytes_;
  uint32_t next_inode_ = 1;
};

}  // namespace xpoll::vm

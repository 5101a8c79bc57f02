// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace xpoll::vm {

/** Offset and compression of the kernel in a bzImage. */
struct Payload {
  size_t offset = 0;
  size_t length = 0;
  enum class Format { kXz, kZstd, kLz4, kGzip } format = Format::kXz;
};

/** Parses the boot protocol header. Throws std::runtime_error if it is invalid. */
Payload find_payload(std::span<const uint8_t> image);

/** Extracts the ELF kernel from `vmlinuz` into `vmlinux`, which QEMU can enter through PVH. */
void extract_vmlinux(const std::filesystem::path& vmlinuz, const std::filesystem::path& vmlinux);

}  // namespace xpoll::vm

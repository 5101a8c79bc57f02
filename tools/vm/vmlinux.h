// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace xpoll::vm {

/** Where the compressed kernel lies in a bzImage, and how it was compressed. */
struct Payload {
  size_t offset = 0;
  size_t length = 0;
  enum class Format { kXz, kZstd, kLz4, kGzip } format = Format::kXz;
};

/** Reads the boot protocol's header; throws std::runtime_error if it is none. */
Payload find_payload(std::span<const uint8_t> image);

/** Writes the ELF kernel that is inside `vmlinuz` to `vmlinux`: QEMU can enter that by PVH. */
void extract_vmlinux(const std::filesystem::path& vmlinuz, const std::filesystem::path& vmlinux);

}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#include "vmlinux.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <array>
#include <cstring>
#include <stdexcept>

#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

// Documentation/x86/boot.rst, "The Real-Mode Kernel Header"
constexpr size_t kSetupSectors = 0x1f1;
constexpr size_t kMagic = 0x202;
constexpr size_t kPayloadOffset = 0x248;
constexpr size_t kPayloadLength = 0x24c;
constexpr size_t kHeaderEnd = 0x250;
constexpr size_t kSector = 512;
constexpr size_t kSizeTrailer = 4;  // except for gzip, the kernel's build appends the unpacked size

uint32_t little_endian32(std::span<const uint8_t> bytes) {
  return static_cast<uint32_t>(bytes[0]) | static_cast<uint32_t>(bytes[1]) << 8U |
         static_cast<uint32_t>(bytes[2]) << 16U | static_cast<uint32_t>(bytes[3]) << 24U;
}

bool begins_with(std::span<const uint8_t> bytes, std::string_view magic) {
  return bytes.size() >= magic.size() && std::memcmp(bytes.data(), magic.data(), magic.size()) == 0;
}

Payload::Format detect_format(std::span<const uint8_t> payload) {
  using namespace std::string_view_literals;
  if (begins_with(payload,
                  "\xfd"
                  "7zXZ\0"sv)) {
    return Payload::Format::kXz;
  }
  if (begins_with(payload, "\x28\xb5\x2f\xfd"sv)) return Payload::Format::kZstd;
  if (begins_with(payload, "\x02\x21\x4c\x18"sv)) return Payload::Format::kLz4;
  if (begins_with(payload, "\x1f\x8b"sv)) return Payload::Format::kGzip;
  throw std::runtime_error(
      "the kernel is compressed in a format other than xz, zstd, lz4 and gzip");
}

Argv decompressor(Payload::Format format) {
  switch (format) {
    case Payload::Format::kXz:
      return {"xz", "--decompress", "--stdout"};
    case Payload::Format::kZstd:
      return {"zstd", "--decompress", "--stdout", "--quiet"};
    case Payload::Format::kLz4:
      return {"lz4", "--decompress", "--stdout", "--quiet"};
    case Payload::Format::kGzip:
      return {"gzip", "--decompress", "--stdout"};
  }
  throw std::logic_error("unknown payload format");
}

}  // namespace

Payload find_payload(std::span<const uint8_t> image) {
  if (image.size() < kHeaderEnd || !begins_with(image.subspan(kMagic), "HdrS")) {
    throw std::runtime_error("not a Linux boot image");
  }
  const size_t setup = (image[kSetupSectors] + 1U) * kSector;
  Payload payload;
  payload.offset = setup + little_endian32(image.subspan(kPayloadOffset));
  payload.length = little_endian32(image.subspan(kPayloadLength));
  if (payload.offset > image.size() || payload.length > image.size() - payload.offset ||
      payload.length < kSizeTrailer) {
    throw std::runtime_error("the boot image is cut short");
  }
  payload.format = detect_format(image.subspan(payload.offset, payload.length));
  if (payload.format != Payload::Format::kGzip) payload.length -= kSizeTrailer;
  return payload;
}

void extract_vmlinux(const fs::path& vmlinuz, const fs::path& vmlinux) {
  const std::string image = read_file(vmlinuz);
  const Payload payload =
      find_payload({reinterpret_cast<const uint8_t*>(image.data()), image.size()});
  const fs::path packed = vmlinux.string() + ".packed";
  write_file(packed, std::string_view{image}.substr(payload.offset, payload.length));

  const unique_fd in = open_file(packed, O_RDONLY);
  const unique_fd out = open_file(vmlinux, O_WRONLY | O_CREAT | O_TRUNC);
  ChildSetup setup;
  setup.in = in.get();
  setup.out = out.get();
  run_checked(decompressor(payload.format), setup);
  fs::remove(packed);

  std::array<char, 4> magic{};
  const unique_fd check = open_file(vmlinux, O_RDONLY);
  if (::read(check.get(), magic.data(), magic.size()) != 4 || std::memcmp(magic.data(),
                                                                          "\x7f"
                                                                          "ELF",
                                                                          magic.size()) != 0) {
    throw std::runtime_error(fmt::format("no ELF kernel inside {}", vmlinuz.string()));
  }
}

}  // namespace xpoll::vm

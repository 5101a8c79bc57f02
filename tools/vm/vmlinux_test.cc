// SPDX-License-Identifier: GPL-2.0-only
#include "vmlinux.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace xpoll::vm {
namespace {

constexpr size_t kSetupSectors = 3;
constexpr uint8_t kPayloadOffset = 16;
constexpr size_t kPayload = (kSetupSectors + 1) * 512 + kPayloadOffset;

std::vector<uint8_t> boot_image(const std::vector<uint8_t>& payload) {
  std::vector<uint8_t> image(kPayload, 0);
  const std::vector<uint8_t> magic{'H', 'd', 'r', 'S'};
  image[0x1f1] = kSetupSectors;
  std::ranges::copy(magic, image.begin() + 0x202);
  image[0x248] = kPayloadOffset;
  image[0x24c] = static_cast<uint8_t>(payload.size());
  image.insert(image.end(), payload.begin(), payload.end());
  return image;
}

TEST(Payload, IsFoundWithoutTheSizeThatFollowsIt) {
  const auto payload = find_payload(boot_image({0x28, 0xb5, 0x2f, 0xfd, 1, 2, 9, 9, 9, 9}));
  EXPECT_EQ(payload.offset, kPayload);
  EXPECT_EQ(payload.length, 6U);
  EXPECT_EQ(payload.format, Payload::Format::kZstd);
}

TEST(Payload, OfGzipHasNoSizeBehindIt) {
  const auto payload = find_payload(boot_image({0x1f, 0x8b, 8, 0, 0, 0}));
  EXPECT_EQ(payload.length, 6U);
  EXPECT_EQ(payload.format, Payload::Format::kGzip);
}

TEST(Payload, OfXzIsRecognised) {
  const auto image = boot_image({0xfd, '7', 'z', 'X', 'Z', 0, 9, 9, 9, 9});
  EXPECT_EQ(find_payload(image).format, Payload::Format::kXz);
}

TEST(Payload, OfLz4IsRecognised) {
  const auto image = boot_image({0x02, 0x21, 0x4c, 0x18, 9, 9, 9, 9});
  EXPECT_EQ(find_payload(image).format, Payload::Format::kLz4);
}

TEST(Payload, ShorterThanTheHeaderSaysIsAnError) {
  auto image = boot_image({0x28, 0xb5, 0x2f, 0xfd, 1, 2, 9, 9, 9, 9});
  image.pop_back();
  EXPECT_THROW(find_payload(image), std::runtime_error);
}

TEST(Payload, OfAnotherFileIsAnError) {
  EXPECT_THROW(find_payload(std::vector<uint8_t>(4096, 0)), std::runtime_error);
  EXPECT_THROW(find_payload(std::vector<uint8_t>(16, 0)), std::runtime_error);
}

}  // namespace
}  // namespace xpoll::vm

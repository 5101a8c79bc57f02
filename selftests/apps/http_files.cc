// SPDX-License-Identifier: GPL-2.0-only
#include "apps/http_files.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <utility>

#include "apps/random_bytes.h"

namespace xpoll::test {
namespace {

constexpr std::array<std::size_t, 10> kSizes{0,     1,      100,    500,     2'000,
                                             5'000, 20'000, 60'000, 300'000, 1'000'000};

}  // namespace

HttpFiles::HttpFiles(std::filesystem::path directory) : directory_(std::move(directory)) {
  std::filesystem::create_directory(directory_);
  Random random(1);
  for (const std::size_t size : kSizes) {
    const File& file =
        files_.emplace_back(File{fmt::format("{}-bytes", size), random_bytes(random, size)});
    std::ofstream out(directory_ / file.name, std::ios::binary);
    out.exceptions(std::ios::badbit | std::ios::failbit);
    out << file.content;
  }
}

}  // namespace xpoll::test

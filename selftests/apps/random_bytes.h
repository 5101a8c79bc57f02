// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <random>
#include <string>

namespace xpoll::test {

using Random = std::mt19937_64;

// A number from 0 up to, but not including, `end`.
inline std::size_t below(Random& random, std::size_t end) { return random() % end; }

// All byte values occur, including those with a meaning in protocols.
inline std::string random_bytes(Random& random, std::size_t size) {
  std::string bytes(size, '\0');
  std::size_t i = 0;
  for (; i + sizeof(Random::result_type) <= size; i += sizeof(Random::result_type)) {
    const Random::result_type word = random();
    __builtin_memcpy(&bytes[i], &word, sizeof(word));
  }
  for (; i < size; ++i) bytes[i] = static_cast<char>(random());
  return bytes;
}

}  // namespace xpoll::test

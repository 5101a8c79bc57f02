// SPDX-License-Identifier: GPL-2.0-only
#include "executable.h"

#include <csignal>
#include <cstdint>
#include <cstring>

#include "process.h"

namespace xpoll::test {
namespace {

// A function that returns at once.
#if defined(__x86_64__)
constexpr std::uint32_t kCode = 0xc3;
#elif defined(__aarch64__)
constexpr std::uint32_t kCode = 0xd65f03c0;
#else
#error "the code of a return is not known"
#endif

}  // namespace

bool can_be_executed(void* memory) {
  Process child([memory] {
    std::memcpy(memory, &kCode, sizeof(kCode));
    signal(SIGSEGV, SIG_DFL);  // AddressSanitizer handles it
    auto* const begin = static_cast<char*>(memory);
    __builtin___clear_cache(begin, begin + sizeof(kCode));
    reinterpret_cast<void (*)()>(memory)();
    return 0;
  });
  return child.join_killed() == 0;
}

}  // namespace xpoll::test

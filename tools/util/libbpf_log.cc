// SPDX-License-Identifier: GPL-2.0-only
#include "libbpf_log.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <stdexcept>
#include <system_error>

namespace xpoll {
namespace {

/// Global, because libbpf passes no context to its print function.
std::string& kept() {
  static std::string text;
  return text;
}

int keep(libbpf_print_level level, const char* format, va_list arguments) {
  if (level != LIBBPF_WARN) return 0;
  // The verifier's log may be long. The reason for a refusal is at its end.
  constexpr std::size_t kLongest = 64 * 1024;
  static std::array<char, kLongest> line;
  const int length = std::vsnprintf(line.data(), line.size(), format, arguments);
  kept() += line.data();
  return length;
}

}  // namespace

LibbpfLog::LibbpfLog() : before_(libbpf_set_print(keep)) { kept().clear(); }

LibbpfLog::~LibbpfLog() { libbpf_set_print(before_); }

const std::string& LibbpfLog::text() const { return kept(); }

void LibbpfLog::fail(const char* what) const {
  const std::string reason = std::generic_category().message(errno);
  throw std::runtime_error(fmt::format("{}: {}\n{}", what, reason, kept()));
}

}  // namespace xpoll

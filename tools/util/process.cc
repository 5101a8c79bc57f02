// SPDX-License-Identifier: GPL-2.0-only
#include "process.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "output_file.h"

namespace xpoll {

namespace {

constexpr std::string_view kDiskFull = "No space left on device";

[[noreturn]] void throw_failure(const Argv& argv, int status, const std::string& complaint) {
  const std::string command = fmt::format("{}", fmt::join(argv, " "));
  if (const auto line = disk_full_line(complaint)) {
    throw DiskFull(fmt::format("'{}' could not write: {}", command, *line));
  }
  throw std::runtime_error(fmt::format("'{}' ended with {}\n{}", command, status, complaint));
}

}  // namespace

std::optional<std::string> disk_full_line(std::string_view output) {
  const auto found = output.find(kDiskFull);
  if (found == std::string_view::npos) return std::nullopt;
  const auto newline = output.rfind('\n', found);
  const auto begin = newline == std::string_view::npos ? 0 : newline + 1;
  return std::string{output.substr(begin, output.find('\n', found) - begin)};
}

int run_status(const Argv& argv, const ChildSetup& setup) { return Child{argv, setup}.wait(); }

Outcome run(const Argv& argv, const ChildSetup& setup) {
  const OutputFile out;
  const OutputFile err;
  ChildSetup redirected = setup;
  if (redirected.out < 0) redirected.out = out.fd();
  if (redirected.err < 0) redirected.err = err.fd();
  const int status = run_status(argv, redirected);
  return {status, out.text(), err.text()};
}

std::string capture(const Argv& argv, const ChildSetup& setup) {
  Outcome outcome = run(argv, setup);
  if (outcome.status != 0) throw_failure(argv, outcome.status, outcome.err);
  return std::move(outcome.out);
}

void run_checked(const Argv& argv, const ChildSetup& setup) { capture(argv, setup); }

bool have_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path != nullptr ? path : "/usr/sbin:/usr/bin:/sbin:/bin";
  for (;;) {
    const auto colon = rest.find(':');
    if (::access(fmt::format("{}/{}", rest.substr(0, colon), name).c_str(), X_OK) == 0) return true;
    if (colon == std::string_view::npos) return false;
    rest.remove_prefix(colon + 1);
  }
}

std::string shell_quote(const std::string& text) {
  std::string quoted = "'";
  for (char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

}  // namespace xpoll

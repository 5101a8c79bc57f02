// SPDX-License-Identifier: GPL-2.0-only
#include "probes/shared_tool.h"

#include <csignal>
#include <sstream>
#include <utility>

namespace xpoll::test {
namespace {

std::vector<std::string> in_short_intervals(std::vector<std::string> arguments) {
  for (const char* word : {"--interval", "0.05"}) arguments.emplace_back(word);
  return arguments;
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
    ++count;
  return count;
}

}  // namespace

SharedTool::SharedTool(const std::string& name, std::vector<std::string> arguments,
                       const std::string& watching, std::string type)
    : program_(name, in_short_intervals(std::move(arguments))),
      mark_("{\"type\":\"" + std::move(type) + '"') {
  program_.wait_for_error(watching);
  program_.stop();
}

void SharedTool::begin() {
  report_twice();
  read_ += unread().size();
}

std::vector<nlohmann::json> SharedTool::end() {
  report_twice();
  const std::string text = unread();
  read_ += text.size();
  std::vector<nlohmann::json> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(nlohmann::json::parse(line));
  return lines;
}

ProgramResult SharedTool::interrupt() {
  program_.resume();
  program_.signal(SIGINT);
  return program_.join();
}

// The tool may have been stopped just after it had read the counters. The second interval then has
// what the first one lacks.
void SharedTool::report_twice() {
  const std::size_t wanted = occurrences(unread(), mark_) + 2;
  program_.resume();
  program_.wait_for("two intervals", [&] { return occurrences(unread(), mark_) >= wanted; });
  program_.stop();
}

// Only whole lines, since the tool may have been stopped within one.
std::string SharedTool::unread() const {
  const std::string output = program_.output();
  return output.substr(read_, output.rfind('\n') + 1 - read_);
}

}  // namespace xpoll::test

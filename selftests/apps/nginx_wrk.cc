// SPDX-License-Identifier: GPL-2.0-only
#include "apps/nginx_wrk.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

constexpr std::string_view kScript =
#include "nginx_check.lua.inc"
    ;

constexpr int kConnections = 8;
constexpr int kSeconds = 5;

}  // namespace

NginxWrk::NginxWrk(const HttpFiles& files, std::filesystem::path directory, std::uint16_t port)
    : files_(files), directory_(std::move(directory)), port_(port) {
  std::ofstream out(script());
  out.exceptions(std::ios::badbit | std::ios::failbit);
  out << kScript;
}

Command NginxWrk::command(const std::string& header) const {
  std::vector<std::string> arguments{"--threads",     "1",
                                     "--connections", std::to_string(kConnections),
                                     "--duration",    std::to_string(kSeconds),
                                     "--timeout",     std::to_string(kDeadline.count()),
                                     "--script",      script()};
  if (!header.empty()) arguments.insert(arguments.end(), {"--header", header});
  arguments.insert(arguments.end(), {fmt::format("http://127.0.0.1:{}", port_), "--",
                                     files_.directory(), report_file()});
  for (const HttpFiles::File& file : files_.all()) arguments.push_back(file.name);
  return {.program = "wrk", .arguments = std::move(arguments)};
}

NginxWrk::Report NginxWrk::report() const {
  std::ifstream in(report_file());
  if (!in) throw std::runtime_error("wrk left no " + report_file().string());
  const auto json = nlohmann::json::parse(in);
  const auto number = [&](const char* name) { return json.at(name).get<std::uint64_t>(); };
  return {.responses = number("responses"),
          .bytes = number("bytes"),
          .bad = number("bad"),
          .errors = number("connect") + number("read") + number("write") + number("status") +
                    number("timeout"),
          .text = json.dump()};
}

}  // namespace xpoll::test

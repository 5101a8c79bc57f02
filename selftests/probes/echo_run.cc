// SPDX-License-Identifier: GPL-2.0-only
#include "probes/echo_run.h"

#include <fmt/format.h>

#include <regex>
#include <stdexcept>

namespace xpoll::test {
namespace {

std::uint16_t port_in(const std::string& announcement) {
  std::smatch match;
  if (!std::regex_search(announcement, match, std::regex(":([0-9]+)\n")))
    throw std::runtime_error("no port in: " + announcement);
  return static_cast<std::uint16_t>(std::stoi(match[1]));
}

nlohmann::json figures(Program& program) {
  const ProgramResult result = program.join();
  if (result.status != 0) throw std::runtime_error("the echo failed: " + result.err);
  return nlohmann::json::parse(result.out);
}

}  // namespace

EchoRun::EchoRun(Backend server, int connections)
    : connections_(connections),
      server_("xpoll-echo",
              {"--backend", server.name(), "--expect-connections", std::to_string(connections)}),
      port_(port_in(server_.wait_for_error("\n"))) {}

nlohmann::json EchoRun::exchange(int messages) {
  Program client("xpoll-echo-client",
                 {"--connect", fmt::format("127.0.0.1:{}", port_), "--connections",
                  std::to_string(connections_), "--messages", std::to_string(messages)});
  nlohmann::json counted = figures(client);
  figures(server_);
  return counted;
}

}  // namespace xpoll::test

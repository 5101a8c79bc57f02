// SPDX-License-Identifier: GPL-2.0-only
#include "figures.h"

#include <fmt/format.h>

#include <cstdint>
#include <fstream>
#include <stdexcept>

namespace demo {
namespace {

using Json = nlohmann::ordered_json;

Json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path.native() + ": the guest left no such report");
  return Json::parse(file);
}

void expect(const Json& report, const char* figure, std::uint64_t value, const std::string& who) {
  const auto actual = report.at(figure).get<std::uint64_t>();
  if (actual != value)
    throw std::runtime_error(fmt::format("{}: {} is {} instead of {}", who, figure, actual, value));
}

void check_client(const Json& report, const Plan& plan, std::uint64_t connections,
                  const std::string& who) {
  expect(report, "connections", connections, who);
  expect(report, "messages", connections * plan.messages, who);
  expect(report, "bytes", connections * plan.messages * plan.size, who);
}

void check_server(const Json& report, const Plan& plan, const std::string& who) {
  expect(report, "connections", plan.all_connections(), who);
  expect(report, "messages", plan.all_messages(), who);
  expect(report, "bytes", plan.all_messages() * plan.size, who);
  expect(report, "failed", 0, who);
  if (report.at("most_open").get<std::uint64_t>() < plan.guest_connections)
    throw std::runtime_error(who + ": the connections were not all open at once");
}

}  // namespace

Json read_figures(const Plan& plan, const std::string& backend) {
  const auto report = [&](const char* who) {
    return read_json(plan.out / fmt::format("{}-{}.json", backend, who));
  };
  Json figures{{"server", report("server")},
               {"client_in_guest", report("guest")},
               {"client_on_host", report("host")}};
  check_server(figures["server"], plan, backend + " server");
  check_client(figures["client_in_guest"], plan, plan.guest_connections, backend + " guest client");
  check_client(figures["client_on_host"], plan, plan.host_connections, backend + " host client");
  return figures;
}

}  // namespace demo

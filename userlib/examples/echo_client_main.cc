// SPDX-License-Identifier: MIT
// xpoll-echo-client: checks an echo server byte by byte over many connections at once.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "backend.hpp"
#include "echo_client.hpp"
#include "run_program.hpp"
#include "system.hpp"

namespace {

using std::chrono::steady_clock;

struct options {
  std::string backend = "native";
  std::string host;
  std::uint16_t port = 0;
  std::uint32_t connections = 1000;
  std::uint32_t opening = 128;
  example::echo_plan plan{.messages = 10, .size = 256};
  double timeout_seconds = 120;
};

void declare(CLI::App& app, options& chosen) {
  app.description(
      "Holds many connections to an echo server at once, sends pseudo-random messages on each, and "
      "checks every byte that comes back.");
  app.footer(
      "Waits for the server to come up. Prints its figures in one line of JSON; exits with 0 only "
      "if every byte was right.\n\nExamples:\n"
      "  xpoll-echo-client --connect 127.0.0.1:7000\n"
      "  xpoll-echo-client --connect 127.0.0.1:7000 --connections 100 --messages 50 --size 4096");
  app.add_option_function<std::string>(
         "--connect",
         [&chosen](const std::string& where) {
           const auto colon = where.rfind(':');
           if (colon == std::string::npos ||
               !CLI::detail::lexical_cast(where.substr(colon + 1), chosen.port))
             throw CLI::ValidationError("--connect", "not HOST:PORT: " + where);
           chosen.host = where.substr(0, colon);
         },
         "Where the server is")
      ->type_name("HOST:PORT")
      ->required();
  app.add_option("--backend", chosen.backend, "What the client itself runs on")
      ->check(CLI::IsMember(example::backends))
      ->capture_default_str();
  app.add_option("--connections", chosen.connections, "Connections, all open at once")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--opening", chosen.opening,
                 "Connections that may wait for their first answer at one time; 1 suits forwarders "
                 "with a short queue, such as QEMU's user networking")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--messages", chosen.plan.messages, "Messages on each, one after another")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--size", chosen.plan.size, "Bytes a message")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--timeout", chosen.timeout_seconds, "Seconds after which to give up")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
}

void check_server(const options& chosen) {
  example::raise_descriptor_limit();
  example::echo_client client(example::make_poller(chosen.backend), chosen.host, chosen.port,
                              chosen.plan);
  const auto start = steady_clock::now();
  const std::chrono::duration<double> timeout(chosen.timeout_seconds);
  client.run(chosen.connections, chosen.opening,
             start + std::chrono::duration_cast<steady_clock::duration>(timeout));
  const std::uint64_t messages = chosen.connections * chosen.plan.messages;
  const nlohmann::ordered_json report{
      {"connections", chosen.connections},
      {"messages", messages},
      {"bytes", messages * chosen.plan.size},
      {"retries", client.retries()},
      {"seconds", std::chrono::duration<double>(steady_clock::now() - start).count()},
  };
  fmt::print("{}\n", report.dump());
}

}  // namespace

int main(int argc, char** argv) {
  options chosen;
  CLI::App app;
  declare(app, chosen);
  CLI11_PARSE(app, argc, argv);
  return example::run_program("xpoll-echo-client", [&] { check_server(chosen); });
}

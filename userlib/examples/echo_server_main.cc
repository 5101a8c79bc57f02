// SPDX-License-Identifier: MIT
// xpoll-echo: a TCP echo server on xpoll::poller.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "backend.hpp"
#include "echo_server.hpp"
#include "run_program.hpp"
#include "system.hpp"

namespace {

struct options {
  std::string backend = "xpoll";
  std::string trigger = "level";
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint64_t connections = example::echo_server::unlimited;
  std::uint64_t message_size = 0;
};

void declare(CLI::App& app, options& chosen) {
  app.description("Sends back what it receives; one thread, any number of TCP connections.");
  app.footer(
      "When it ends (SIGTERM, SIGINT or --expect-connections), it prints its figures in one line "
      "of JSON.\n\nExamples:\n"
      "  xpoll-echo --port 7000\n"
      "  xpoll-echo --backend native --trigger edge --port 7000 --expect-connections 1000");
  app.add_option("--backend", chosen.backend, "What to run on; native is epoll")
      ->check(CLI::IsMember(example::backends))
      ->capture_default_str();
  app.add_option("--trigger", chosen.trigger, "How to watch the connections")
      ->check(CLI::IsMember({"level", "edge"}))
      ->capture_default_str();
  app.add_option("--address", chosen.address, "Address to listen on")->capture_default_str();
  app.add_option("--port", chosen.port, "Port to listen on; 0 picks one")->capture_default_str();
  app.add_option("--expect-connections", chosen.connections,
                 "End when that many connections have been opened and closed");
  app.add_option("--size", chosen.message_size,
                 "Bytes a message, known from the client: adds figures per message");
}

nlohmann::ordered_json report(const options& chosen, const example::echo_counters& counters) {
  nlohmann::ordered_json json{
      {"backend", chosen.backend},       {"connections", counters.opened},
      {"most_open", counters.most_open}, {"failed", counters.failed},
      {"bytes", counters.bytes},         {"waits", counters.waits},
      {"events", counters.events},       {"ctls", counters.ctls},
      {"accepts", counters.accepts},     {"reads", counters.reads},
      {"writes", counters.writes},       {"system_calls", counters.system_calls()},
  };
  if (counters.waits > 0)
    json["events_per_wait"] =
        static_cast<double>(counters.events) / static_cast<double>(counters.waits);
  if (chosen.message_size > 0 && counters.bytes >= chosen.message_size) {
    const std::uint64_t messages = counters.bytes / chosen.message_size;
    json["messages"] = messages;
    json["system_calls_per_message"] =
        static_cast<double>(counters.system_calls()) / static_cast<double>(messages);
  }
  return json;
}

void serve(const options& chosen) {
  example::raise_descriptor_limit();
  auto listener = example::listen_on(chosen.address, chosen.port);
  fmt::print(stderr, "xpoll-echo: listening on {}:{}\n", chosen.address,
             example::port_of(listener.get()));
  const auto mode = chosen.trigger == "edge" ? example::trigger::edge : example::trigger::level;
  example::echo_server server(example::make_poller(chosen.backend), std::move(listener),
                              example::termination_signals(), mode);
  server.run(chosen.connections);
  fmt::print("{}\n", report(chosen, server.counters()).dump());
}

}  // namespace

int main(int argc, char** argv) {
  options chosen;
  CLI::App app;
  declare(app, chosen);
  CLI11_PARSE(app, argc, argv);
  return example::run_program("xpoll-echo", [&] { serve(chosen); });
}

// SPDX-License-Identifier: MIT
#include "http_program.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <system_error>
#include <utility>

#include "../run_program.hpp"
#include "../system.hpp"

namespace example {
namespace {

struct options {
  std::string files;
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::uint32_t connections = 1000;
};

void declare(CLI::App& app, options& chosen) {
  app.description("Serves the files of a directory over HTTP/1.1, from a ready ring.");
  app.footer(
      "When it gets SIGTERM or SIGINT, it prints its figures in one line of JSON and ends. It has "
      "no time limits: a client may stay connected without a request.");
  app.add_option("--files", chosen.files, "Directory of the files, which are read at the start")
      ->check(CLI::ExistingDirectory)
      ->required();
  app.add_option("--address", chosen.address, "Address to listen on")->capture_default_str();
  app.add_option("--port", chosen.port, "Port to listen on; 0 picks one")->capture_default_str();
  app.add_option("--connections", chosen.connections, "The most connections at one time")
      ->check(CLI::Range(1, 1000000))
      ->capture_default_str();
}

/// The descriptors that are watched besides the connections: the listener and the signals.
constexpr std::uint32_t other_descriptors = 2;

class stop_signal final : public watched {
 public:
  explicit stop_signal(ring_loop& loop) : signals_(termination_signals()) {
    loop.watch(signals_.get(), xpoll::events::in, *this);
  }

  void ready(xpoll::events) override { came_ = true; }
  void refused(int error) override {
    throw std::system_error(error, std::system_category(), "watching signals");
  }

  [[nodiscard]] bool came() const { return came_; }

 private:
  xpoll::unique_fd signals_;
  bool came_ = false;
};

void serve_files(const options& chosen, const char* name,
                 const std::function<http_counters(http_service)>& serve) {
  raise_descriptor_limit();
  const site files = load_site(chosen.files);
  ring_loop loop(chosen.connections + other_descriptors);
  const stop_signal stop(loop);
  xpoll::unique_fd listener = listen_on(chosen.address, chosen.port);
  fmt::print(stderr, "{}: listening on {}:{}\n", name, chosen.address, port_of(listener.get()));
  const http_counters counters = serve({.loop = loop,
                                        .files = files,
                                        .listener = std::move(listener),
                                        .most = chosen.connections,
                                        .stopping = [&] { return stop.came(); }});
  const nlohmann::ordered_json report{
      {"connections", counters.opened},  {"closed", counters.closed},     {"lost", counters.lost},
      {"most_open", counters.most_open}, {"requests", counters.requests}, {"events", loop.events()},
      {"enters", loop.enters()}};
  fmt::print("{}\n", report.dump());
}

}  // namespace

int run_http_program(int argc, char** argv, const char* name,
                     const std::function<http_counters(http_service)>& serve) {
  options chosen;
  CLI::App app;
  declare(app, chosen);
  CLI11_PARSE(app, argc, argv);
  return run_program(name, [&] { serve_files(chosen, name, serve); });
}

}  // namespace example

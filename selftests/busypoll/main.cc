// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>

#include "busypoll/ping_pong.h"
#include "tools/util/text_table.h"

namespace {

using xpoll::busypoll::kWaiters;
using xpoll::busypoll::Result;
using xpoll::busypoll::Waiter;

constexpr const char* kFooter = R"(
In the guest it answers messages that come over virtio-net, and prints how many of the waits for
them did not sleep, and how often the device interrupted. An interrupt comes while no wait polls, for
example for the acknowledgement of an answer, so there are more on a busy host. Exit status: 1 if
xpoll's waits that poll sleep for more than 5 % of the messages, or the device interrupts for more
than 20 % of them and more often than for native epoll's.

Example (make busypoll):
  xpoll-vm run --module build/6.1-amd64/xpoll.ko --forward 0:7 \
      --beside 'build/host/xpoll-busypoll --connect $XPOLL_FORWARD_PORT' \
      -- build/host/xpoll-busypoll --listen 7
)";

bool is_good(const Result& result, const Result& native, int messages) {
  const auto most = static_cast<std::uint64_t>(messages) * 20 / 100;
  return result.without_sleep * 100 >= messages * 95 &&
         result.interrupts <= std::max(most, native.interrupts);
}

bool measure(std::uint16_t port, int messages) {
  const xpoll::unique_fd listener = xpoll::busypoll::listen_on(port);
  xpoll::TextTable table({xpoll::left("wait"), xpoll::right("messages"),
                          xpoll::right("without sleep"), xpoll::right("receive interrupts"),
                          xpoll::right("each")});
  Result native;
  bool good = true;
  for (const Waiter& waiter : kWaiters) {
    const Result result = xpoll::busypoll::serve(waiter, listener, messages);
    table.add({fmt::format("{}, {}", waiter.backend.name(), waiter.polls ? "polling" : "sleeping"),
               std::to_string(messages), std::to_string(result.without_sleep),
               std::to_string(result.interrupts),
               fmt::format("{:.2f}", static_cast<double>(result.interrupts) / messages)});
    if (!waiter.polls) continue;
    if (waiter.backend.is_native())
      native = result;
    else
      good = is_good(result, native, messages);
  }
  fmt::print("{}", table.text());
  return good;
}

}  // namespace

int main(int argc, char** argv) try {
  CLI::App app("Measures busy polling of a network device, on native epoll and on xpoll.");
  app.footer(kFooter);
  std::uint16_t listen = 0;
  std::uint16_t connect = 0;
  int messages = 100;
  int pace_ms = 20;
  auto* guest = app.add_option("--listen", listen, "In the guest: answer on this port");
  app.add_option("--connect", connect, "On the host: send to this port of this machine")
      ->excludes(guest);
  app.add_option("--messages", messages, "Messages of each kind of wait")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--pace-ms", pace_ms, "On the host: milliseconds from an answer to a message")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  if (listen != 0) return measure(listen, messages) ? 0 : 1;
  for ([[maybe_unused]] const Waiter& waiter : kWaiters)
    xpoll::busypoll::ping(connect, messages, std::chrono::milliseconds(pace_ms));
  return 0;
} catch (const std::exception& error) {
  fmt::print(stderr, "xpoll-busypoll: {}\n", error.what());
  return 2;
}

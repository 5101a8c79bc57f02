// SPDX-License-Identifier: MIT
#include "echo_client.hpp"

#include <fmt/core.h>

#include <array>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "system.hpp"

namespace example {
namespace {

using namespace std::chrono_literals;

/// How often to look for a server that does not answer yet.
constexpr auto retry_interval = 50ms;

/// Whether an error is what a server that is not up yet looks like, through a forwarder too.
bool is_absence(const std::error_code& error) {
  return error == std::errc::connection_refused || error == std::errc::connection_reset ||
         error == std::errc::broken_pipe || error == std::errc::network_unreachable ||
         error == std::errc::host_unreachable || error == std::errc::timed_out;
}

}  // namespace

using xpoll::events;

echo_client::echo_client(xpoll::poller poller, std::string host, std::uint16_t port,
                         const echo_plan& plan)
    : poller_(std::move(poller)), host_(std::move(host)), port_(port), plan_(plan) {}

void echo_client::run(std::uint32_t connections, std::uint32_t opening, time_point deadline) {
  find_server(deadline);
  while (finished_ < connections) {
    while (sessions_.size() < connections && sessions_.size() - answered_ < opening) open_session();
    advance_ready(deadline);
  }
  sessions_.clear();
}

void echo_client::open_session() {
  const auto id = static_cast<std::uint32_t>(sessions_.size());
  const auto& session = sessions_.emplace_back(connect_to(host_, port_), id, plan_);
  poller_.add(session.fd(), session.interest(), {.u32 = id});
}

void echo_client::find_server(time_point deadline) {
  std::array<epoll_event, 1> room;
  while (!try_first_session(deadline)) {
    ++retries_;
    sessions_.clear();
    (void)poller_.wait(room, retry_interval);  // nothing is watched: only paces the attempts
  }
}

bool echo_client::try_first_session(time_point deadline) {
  try {
    open_session();
    while (answered_ == 0) advance_ready(deadline);
    return true;
  } catch (const std::system_error& error) {
    if (!is_absence(error.code())) throw;
    if (std::chrono::steady_clock::now() >= deadline)
      throw std::runtime_error(
          fmt::format("{}:{} does not answer: {}", host_, port_, error.code().message()));
    return false;
  }
}

void echo_client::advance_ready(time_point deadline) {
  std::array<epoll_event, 256> room;
  const auto ready = poller_.wait(room, deadline);
  if (ready.timed_out())
    throw std::runtime_error(fmt::format("time is over: {} of {} open connections have finished",
                                         finished_, sessions_.size()));
  for (const epoll_event& event : ready) advance(event.data.u32, xpoll::events_of(event));
}

void echo_client::advance(std::uint32_t id, events happened) {
  echo_session& session = sessions_.at(id);
  const events before = session.interest();
  const bool was_answered = session.answered();
  const bool was_finished = session.finished();
  session.advance(happened);
  answered_ += session.answered() && !was_answered;
  finished_ += session.finished() && !was_finished;
  if (session.interest() != before) poller_.modify(session.fd(), session.interest(), {.u32 = id});
}

}  // namespace example

// SPDX-License-Identifier: MIT
#include "echo_session.hpp"

#include <fmt/core.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "system.hpp"

namespace example {
namespace {

[[noreturn]] void fail(int error) {
  throw std::system_error(error, std::system_category(), "connection");
}

}  // namespace

using xpoll::events;

echo_session::echo_session(xpoll::unique_fd connecting, std::uint32_t id, const echo_plan& plan)
    : socket_(std::move(connecting)),
      id_(id),
      plan_(plan),
      random_(id + 1),
      message_(plan.size),
      reply_(plan.size) {
  next_message();
}

events echo_session::interest() const {
  if (!connected_) return events::out;
  // A finished connection still tells if it breaks.
  return sent_ < message_.size() && !finished() ? events::in | events::out : events::in;
}

void echo_session::advance(events happened) {
  if (!connected_) {
    if (const int error = error_of(fd()); error != 0) fail(error);
    connected_ = true;
  }
  if (any(happened & ~events::out)) receive_some();
  if (!finished()) send_rest();
}

void echo_session::next_message() {
  // The low bits of a linear congruential generator repeat early.
  std::generate(message_.begin(), message_.end(),
                [this] { return static_cast<std::uint8_t>(random_() >> 16); });
  sent_ = received_ = 0;
}

void echo_session::send_rest() {
  while (sent_ < message_.size()) {
    const ssize_t length =
        send(fd(), message_.data() + sent_, message_.size() - sent_, MSG_NOSIGNAL);
    if (length < 0 && errno == EAGAIN) return;
    if (length < 0) fail(errno);
    sent_ += static_cast<std::size_t>(length);
  }
}

void echo_session::receive_some() {
  const ssize_t length = recv(fd(), reply_.data(), reply_.size(), 0);
  if (length < 0 && errno == EAGAIN) return;
  if (length < 0) fail(errno);
  if (length == 0) fail(ECONNRESET);
  compare(static_cast<std::size_t>(length));
  answered_ = true;
  if (received_ < message_.size()) return;
  if (++done_ < plan_.messages) next_message();
}

void echo_session::compare(std::size_t length) {
  if (received_ + length > sent_ || finished())
    throw std::runtime_error(fmt::format("connection {}: more came back than was sent", id_));
  const auto expected = message_.begin() + static_cast<std::ptrdiff_t>(received_);
  const auto wrong =
      std::mismatch(reply_.begin(), reply_.begin() + static_cast<std::ptrdiff_t>(length), expected);
  const auto good = static_cast<std::size_t>(wrong.second - expected);
  if (good < length)
    throw std::runtime_error(
        fmt::format("connection {}: byte {} of message {} is {:#04x} instead of {:#04x}", id_,
                    received_ + good, done_, *wrong.first, *wrong.second));
  received_ += length;
}

}  // namespace example

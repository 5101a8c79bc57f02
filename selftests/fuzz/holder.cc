// SPDX-License-Identifier: GPL-2.0-only
#include "holder.h"

#include <fcntl.h>
#include <unistd.h>

namespace xpoll::fuzz {
namespace {

constexpr int kLeave = -1;

}  // namespace

Holder::Holder()
    : orders_(xpoll::make_pipe(O_CLOEXEC)),
      answers_(xpoll::make_pipe(O_CLOEXEC)),
      child_([this] { return obey(); }) {}

// Runs in the child.
int Holder::obey() const {
  Order order{};
  while (read(orders_.reader.get(), order.data(), sizeof(order)) == sizeof(order) &&
         order[0] != kLeave) {
    for (const int fd : order) ::close(fd);
    const char done = 'd';
    checked(static_cast<int>(write(answers_.writer.get(), &done, 1)), "write");
  }
  return 0;
}

void Holder::close(int one, int other) {
  const Order order{one, other};
  char done = 0;
  checked(static_cast<int>(write(orders_.writer.get(), order.data(), sizeof(order))), "write");
  checked(static_cast<int>(read(answers_.reader.get(), &done, 1)), "read");
}

void Holder::exit() {
  const Order leave{kLeave, kLeave};
  checked(static_cast<int>(write(orders_.writer.get(), leave.data(), sizeof(leave))), "write");
  child_.join();
}

}  // namespace xpoll::fuzz

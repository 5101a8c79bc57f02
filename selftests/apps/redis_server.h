// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>

#include "apps/program.h"
#include "apps/redis_client.h"

namespace xpoll::test {

// A redis-server that keeps its files, including the dump, in this directory, and loads the dump if
// there is one.
class RedisServer {
 public:
  static Command command(const std::filesystem::path& directory, std::uint16_t port);
  // Waits until the program, started with that command, answers.
  RedisServer(Program& program, std::filesystem::path directory, std::uint16_t port);

  Program& program() const { return program_; }
  std::uint16_t port() const { return port_; }
  std::filesystem::path dump() const { return directory_ / "dump.rdb"; }

  RedisClient connect() const { return RedisClient::tcp(port_); }
  // Connects to its UNIX socket.
  RedisClient connect_locally() const { return RedisClient::local(directory_ / "socket"); }

  // Starts a save: a child of the server writes the dump while the server serves.
  void start_saving();
  bool is_saving() const;
  // Throws if a save failed.
  void must_have_saved() const;

 private:
  const std::filesystem::path directory_;
  const std::uint16_t port_;
  Program& program_;
  std::uint64_t saves_ = 0;
};

}  // namespace xpoll::test

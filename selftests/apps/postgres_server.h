// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "apps/program.h"

namespace xpoll::test {

// A PostgreSQL server that writes only to one directory.
class PostgresServer {
 public:
  PostgresServer(std::filesystem::path data, std::uint16_t port)
      : data_(std::move(data)), port_(port) {}

  static Command version();
  // The command that initializes such a directory.
  static Command initialisation(const std::filesystem::path& data);

  Command command() const;
  void await_start(Program& program) const;

  // The command of a client program, "psql" or "pgbench", with these arguments.
  Command client(const std::string& program, const std::vector<std::string>& arguments) const;

 private:
  const std::filesystem::path data_;
  const std::uint16_t port_;
};

}  // namespace xpoll::test

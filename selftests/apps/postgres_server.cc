// SPDX-License-Identifier: GPL-2.0-only
#include "apps/postgres_server.h"

#include <stdexcept>

#include "apps/packages.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

std::string binary(const std::string& name) {
  return find_in_packages("usr/lib/postgresql/*/bin/" + name);
}

// PostgreSQL refuses to run as root, but the counting group only counts instances of its creator's
// user. A user namespace makes root look like nobody.
Command as_nobody(const std::string& name, const std::vector<std::string>& arguments) {
  Command command{
      .program = "unshare",
      .arguments = {"--user", "--map-user=nobody", "--map-group=nogroup", binary(name)}};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  return command;
}

}  // namespace

Command PostgresServer::version() {
  return {.program = binary("postgres"), .arguments = {"--version"}};
}

Command PostgresServer::initialisation(const std::filesystem::path& data) {
  return as_nobody("initdb",
                   {"--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-locale",
                    "--encoding", "UTF8", "--no-sync", "--wal-segsize", "1"});
}

Command PostgresServer::command() const {
  return as_nobody("postgres", {"-D", data_, "-h", "127.0.0.1", "-p", std::to_string(port_),
                                // No UNIX socket, no crash safety, and little memory.
                                "-k", "", "-F", "-c", "shared_buffers=16MB"});
}

void PostgresServer::await_start(Program& program) const {
  wait_until("PostgreSQL to be ready", [&] {
    if (!program.running())
      throw std::runtime_error("PostgreSQL ended instead of serving:\n" + program.output());
    return program.output().find("ready to accept connections") != std::string::npos;
  });
}

Command PostgresServer::client(const std::string& program,
                               const std::vector<std::string>& arguments) const {
  Command command{.program = binary(program),
                  .arguments = {"--host", "127.0.0.1", "--port", std::to_string(port_),
                                "--username", "postgres"}};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.arguments.emplace_back("postgres");
  return command;
}

}  // namespace xpoll::test

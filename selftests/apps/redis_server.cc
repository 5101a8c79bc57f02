// SPDX-License-Identifier: GPL-2.0-only
#include "apps/redis_server.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "apps/redis_info.h"
#include "apps/tcp_port.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {

Command RedisServer::command(const std::filesystem::path& directory, std::uint16_t port) {
  return {.program = "redis-server",
          .arguments = {"--bind", "127.0.0.1", "--port", std::to_string(port),     //
                        "--unixsocket", directory / "socket", "--dir", directory,  //
                        "--save", "", "--appendonly", "no", "--daemonize", "no",   //
                        // Needed for DEBUG DIGEST.
                        "--enable-debug-command", "local",
                        // Delay in microseconds: a save must take long enough to serve requests
                        // meanwhile.
                        "--rdb-key-save-delay", "500"}};
}

RedisServer::RedisServer(Program& program, std::filesystem::path directory, std::uint16_t port)
    : directory_(std::move(directory)), port_(port), program_(program) {
  wait_until_listening(program_, port_);
  RedisClient client = connect();
  wait_until("redis-server to have loaded its dump",
             [&] { return client.call({"PING"}) == "PONG"; });
}

void RedisServer::start_saving() {
  connect().expect({"BGSAVE"}, "Background saving started");
  ++saves_;
}

bool RedisServer::is_saving() const {
  RedisClient client = connect();
  return redis_info(client, "persistence", "rdb_bgsave_in_progress") != "0";
}

void RedisServer::must_have_saved() const {
  RedisClient client = connect();
  const std::string status = redis_info(client, "persistence", "rdb_last_bgsave_status");
  const std::string saves = redis_info(client, "persistence", "rdb_saves");
  if (status != "ok" || saves != std::to_string(saves_)) {
    throw std::runtime_error("redis-server: BGSAVE ended with " + status + ", " + saves +
                             " saves instead of " + std::to_string(saves_));
  }
}

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// Debian's redis-server: level-triggered watches, a timer implemented by the wait's timeout, and
// children that inherit the instance.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "apps/app_test.h"
#include "apps/concurrently.h"
#include "apps/redis_info.h"
#include "apps/redis_server.h"
#include "apps/redis_traffic.h"
#include "apps/redis_waiting.h"
#include "apps/tcp_port.h"
#include "tools/util/wait_until.h"

namespace xpoll::test {
namespace {

namespace fs = std::filesystem;
using testing::IsEmpty;

class RedisTest : public AppTest {
 protected:
  RedisServer serve(const fs::path& directory) {
    const std::uint16_t port = free_tcp_port();
    Program& program = start(RedisServer::command(directory, port));
    return RedisServer(program, directory, port);
  }

  // Starts a second server from the first one's dump.
  RedisServer serve_dump_of(const RedisServer& server, const std::string& name) {
    const fs::path copy = directory() / name;
    fs::create_directory(copy);
    fs::copy_file(server.dump(), copy / server.dump().filename());
    return serve(copy);
  }

  void end(const RedisServer& server) {
    EXPECT_EQ(server.program().stop(), 0) << "redis-server ended with that status";
    expect_ran_on_backend(server.program());
  }

  std::string version() {
    return "redis-server " + version_of({"redis-server", {"--version"}}, "v=([0-9.]+)");
  }
};
XPOLL_IN_EACH_WAY(RedisTest);

TEST_P(RedisTest, GivesEveryReplyThatTheModelGives) {
  constexpr int kClients = 4;
  const RedisServer server = serve(directory());
  std::atomic<std::uint64_t> replies = 0;
  const auto run_traffic = [&](int number) {
    RedisTraffic traffic(fmt::format("client{}", number), number);
    RedisClient client = number % 2 == 0 ? server.connect() : server.connect_locally();
    traffic.run(client, 100);
    traffic.verify(client);
    replies += client.checked();
  };
  std::vector<std::function<void()>> bodies{[&] { replies += pop_blocking(server, 40); },
                                            [&] { replies += publish(server, 40); }};
  for (int i = 0; i < kClients; ++i) bodies.emplace_back([&run_traffic, i] { run_traffic(i); });
  const std::vector<std::string> failures = concurrently(bodies);
  EXPECT_THAT(failures, IsEmpty());
  end(server);
  record(version(), fmt::format("{} replies compared", replies.load()), failures.size(),
         server.program());
}

// The results of redis-benchmark can be checked afterwards: the sum of its counters and the length
// of its list.
class RedisBenchmarkTest : public RedisTest {
 protected:
  Command benchmark(const RedisServer& server, int requests, int pipeline) const {
    return {.program = "redis-benchmark",
            .arguments = {"-h", "127.0.0.1", "-p", std::to_string(server.port()), "-t",
                          "incr,lpush", "-r", "500", "-c", "20", "-n", std::to_string(requests),
                          "-P", std::to_string(pipeline), "--csv"}};
  }

  // Saves while the benchmark runs, and sends requests meanwhile.
  void save_under(Program& benchmark, RedisServer& server, RedisTraffic& traffic) {
    RedisClient client = server.connect();
    server.start_saving();
    wait_until("the end of BGSAVE", [&] {
      traffic.run(client, 1);
      return !server.is_saving();
    });
    server.must_have_saved();
    EXPECT_EQ(benchmark.wait(), 0) << "redis-benchmark ended with that status";
    checked_ += client.checked();
  }

  void expect_benchmarks_work(const RedisServer& server, int requests) {
    RedisClient client = server.connect();
    std::int64_t sum = 0;
    for (const auto& key : client.call({"KEYS", "counter:*"}))
      sum += std::stoll(client.call({"GET", key}).get<std::string>());
    EXPECT_EQ(sum, requests);
    EXPECT_EQ(client.call({"LLEN", "mylist"}), requests);
    EXPECT_EQ(redis_info(client, "stats", "total_error_replies"), "0");
  }

  RedisReply digest(const RedisServer& server) const {
    return server.connect().call({"DEBUG", "DIGEST"});
  }

  std::uint64_t checked_ = 0;
};
XPOLL_WITH_PRELOAD(RedisBenchmarkTest);

TEST_P(RedisBenchmarkTest, IsServedWhileChildrenSaveWhatASecondServerLoads) {
  constexpr int kPlain = 3000;
  constexpr int kPipelined = 9600;
  RedisServer server = serve(directory());
  RedisTraffic still("still", 1);
  RedisTraffic moving("moving", 2);
  RedisClient client = server.connect();
  still.run(client, 20);

  // The first benchmark's client runs on native epoll, the second one's on the test's backend.
  save_under(start_native(benchmark(server, kPlain, 1)), server, moving);
  expect_benchmarks_work(server, kPlain);
  Program& pipelined = start(benchmark(server, kPipelined, 16));
  save_under(pipelined, server, moving);
  expect_benchmarks_work(server, kPlain + kPipelined);
  expect_ran_on_backend(pipelined);

  const RedisServer from_the_midst = serve_dump_of(server, "from-the-midst");
  RedisClient second = from_the_midst.connect();
  still.verify(second);
  end(from_the_midst);

  server.start_saving();
  wait_until("the end of BGSAVE", [&] { return !server.is_saving(); });
  server.must_have_saved();
  const RedisServer from_the_end = serve_dump_of(server, "from-the-end");
  EXPECT_EQ(digest(from_the_end), digest(server));
  end(from_the_end);
  still.verify(client);
  const auto errors = std::stoull(redis_info(client, "stats", "total_error_replies"));
  end(server);
  record(version() + " + redis-benchmark",
         fmt::format("{} requests, {} replies compared, 3 BGSAVEs", 2 * (kPlain + kPipelined),
                     checked_ + client.checked() + second.checked()),
         errors, server.program());
}

}  // namespace
}  // namespace xpoll::test

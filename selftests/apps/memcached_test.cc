// SPDX-License-Identifier: GPL-2.0-only
// Debian's memcached: libevent, four threads with an instance each, which receive connections
// through an eventfd from a fifth thread.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <functional>
#include <list>
#include <string>
#include <vector>

#include "apps/app_test.h"
#include "apps/concurrently.h"
#include "apps/held_instances.h"
#include "apps/memcached_client.h"
#include "apps/memcached_traffic.h"
#include "apps/tcp_port.h"

namespace xpoll::test {
namespace {

using testing::IsEmpty;

constexpr int kThreads = 4;
constexpr int kClients = 4;
constexpr int kRequests = 800;

class MemcachedTest : public AppTest {
 protected:
  Program& serve(std::uint16_t port) {
    // Everything that the clients store fits into memory, so no key may be missing.
    Program& server =
        start({.program = "memcached",
               .arguments = {"-u", "root", "-l", "127.0.0.1", "-p", std::to_string(port), "-U", "0",
                             "-t", std::to_string(kThreads), "-m", "256"}});
    wait_until_listening(server, port);
    return server;
  }
};
XPOLL_WITH_PRELOAD(MemcachedTest);

TEST_P(MemcachedTest, FourThreadsGiveEveryAnswerThatTheModelGives) {
  const std::uint16_t port = free_tcp_port();
  Program& server = serve(port);
  std::list<MemcachedTraffic> traffic;
  std::vector<std::function<void()>> bodies;
  for (int i = 0; i < kClients; ++i) {
    traffic.emplace_back(fmt::format("client{}", i), i);
    // The server assigns connections to its threads in turn: each thread gets two of these.
    bodies.emplace_back([port, &own = traffic.back()] {
      MemcachedClient one(port);
      MemcachedClient other(port);
      own.run(one, other, kRequests);
    });
  }
  const std::vector<std::string> failures = concurrently(bodies);
  EXPECT_THAT(failures, IsEmpty());

  std::uint64_t gets = 0;
  std::uint64_t hits = 0;
  std::uint64_t checked = 0;
  for (const MemcachedTraffic& each : traffic) {
    gets += each.gets();
    hits += each.hits();
    checked += each.checked();
  }
  const memcached_stat_st stats = MemcachedClient(port).stats();
  EXPECT_EQ(stats.threads, static_cast<unsigned long>(kThreads));
  EXPECT_EQ(stats.cmd_get, gets);
  EXPECT_EQ(stats.get_hits, hits);
  EXPECT_EQ(stats.evictions, 0U);

  // One instance per thread, and one of the listening thread.
  EXPECT_EQ(held_instances(server.pid(), backend_), 1 + kThreads);

  EXPECT_EQ(server.stop(), 0) << "memcached ended with that status";
  expect_ran_on_backend(server);
  if (backend_.is_xpoll()) {
    EXPECT_GE(server.stats().instances, static_cast<std::uint64_t>(1 + kThreads));
  }
  record("memcached " + version_of({"memcached", {"--version"}}, "memcached ([0-9.]+)"),
         fmt::format("{} requests, {} keys got", checked, gets), failures.size(), server);
}

}  // namespace
}  // namespace xpoll::test

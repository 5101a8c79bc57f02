// SPDX-License-Identifier: GPL-2.0-only
// Debian's PostgreSQL: a process per client. Each has instances that watch its socket, a signalfd
// through which the others wake it, and the pipe that reports the postmaster's death.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "apps/app_test.h"
#include "apps/postgres_server.h"
#include "apps/tcp_port.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;

constexpr int kClients = 4;
constexpr int kTransactionsOfEach = 50;
constexpr int kTransactions = kClients * kTransactionsOfEach;

// Every transaction adds the same amount to an account, a teller and a branch, and records it in
// the history.
constexpr const char* kBooks = R"(
SELECT count(*),
       sum(delta) = (SELECT sum(abalance) FROM pgbench_accounts),
       sum(delta) = (SELECT sum(tbalance) FROM pgbench_tellers),
       sum(delta) = (SELECT sum(bbalance) FROM pgbench_branches)
FROM pgbench_history)";

class PostgresTest : public AppTest {
 protected:
  void SetUp() override {
    AppTest::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    // initdb takes longer than everything else, so both backends start from copies of one result.
    static const TemporaryDirectory made;
    const std::filesystem::path data = made.path() / "data";
    if (!std::filesystem::exists(data)) output_of(PostgresServer::initialisation(data));
    std::filesystem::copy(data, data_, std::filesystem::copy_options::recursive);
  }

  // The output of a client program, which is not under test.
  std::string output_of(const Command& command) {
    Program& program = start_native(command);
    EXPECT_EQ(program.wait(), 0) << command.program << " ended with that status";
    return program.output();
  }

  const std::filesystem::path data_ = directory() / "data";
};
XPOLL_WITH_PRELOAD(PostgresTest);

TEST_P(PostgresTest, KeepsTheBooksBalancedUnderPgbench) {
  const PostgresServer postgres(data_, free_tcp_port());
  Program& server = start(postgres.command());
  postgres.await_start(server);

  output_of(postgres.client("pgbench", {"--initialize", "--quiet"}));
  const std::string report = output_of(
      postgres.client("pgbench", {"--no-vacuum", "--client", std::to_string(kClients),
                                  "--transactions", std::to_string(kTransactionsOfEach)}));
  EXPECT_THAT(report, HasSubstr(fmt::format("actually processed: {0}/{0}\n", kTransactions)));
  EXPECT_THAT(report, HasSubstr("number of failed transactions: 0 "));
  EXPECT_EQ(output_of(postgres.client(
                "psql", {"--no-psqlrc", "--no-align", "--tuples-only", "--command", kBooks})),
            fmt::format("{}|t|t|t\n", kTransactions));

  // The postmaster ends the clients' processes and then itself.
  EXPECT_EQ(server.stop(SIGINT), 0) << "PostgreSQL ended with that status";
  expect_ran_on_backend(server);
  record("postgresql " + version_of(PostgresServer::version(), "PostgreSQL\\) ([0-9.]+)") +
             " + pgbench",
         fmt::format("{} transactions, the books balanced", kTransactions), 0, server);
}

}  // namespace
}  // namespace xpoll::test

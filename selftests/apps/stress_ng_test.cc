// SPDX-License-Identifier: GPL-2.0-only
// stress-ng --epoll: clients and servers over many sockets, which count their own errors.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <iterator>
#include <regex>

#include "apps/app_test.h"

namespace xpoll::test {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kOperations = 10'000;

// The number in the metrics line: "stress-ng: metrc: [7] epoll    10000     5.38 ...".
std::uint64_t operations_in(const std::string& output) {
  std::smatch match;
  if (!std::regex_search(output, match, std::regex(R"(metrc: \[\d+\] epoll +(\d+) )"))) return 0;
  return std::stoull(match[1]);
}

class StressNg : public AppTest {};

TEST_P(StressNg, FindsNoFault) {
  const std::string version =
      version_of({.program = "stress-ng", .arguments = {"--version"}}, "version ([0-9.]+)");
  const Program& program =
      run({.program = "stress-ng",
           .arguments = {"--epoll", "2", "--epoll-ops", std::to_string(kOperations), "--verify",
                         "--metrics", "--temp-path", directory()}});
  const std::string output = program.output();
  const std::uint64_t operations = operations_in(output);
  EXPECT_GE(operations, kOperations);
  EXPECT_THAT(output, HasSubstr("successful run completed"));
  const std::regex failure("fail:");
  const auto errors = static_cast<std::uint64_t>(std::distance(
      std::sregex_iterator(output.begin(), output.end(), failure), std::sregex_iterator()));
  EXPECT_EQ(errors, 0U);
  expect_ran_on_backend(program);
  record("stress-ng " + version, fmt::format("{} operations", operations), errors, program.stats());
}

XPOLL_WITH_PRELOAD(StressNg);

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// perf bench epoll: runs the benchmarks of the kernel's tool for their effects, not for speed.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>

#include <regex>

#include "apps/app_test.h"

namespace xpoll::test {
namespace {

using Options = std::vector<std::string>;

// The sum of the numbers that the pattern's first group matches.
std::uint64_t sum_of(const std::string& output, const std::regex& pattern) {
  std::uint64_t sum = 0;
  for (std::sregex_iterator match(output.begin(), output.end(), pattern), end; match != end;
       ++match)
    sum += std::stoull((*match)[1]);
  return sum;
}

class PerfBench : public AppTest {
 protected:
  Program& run_benchmark(const std::string& name, const Options& options) {
    Command command{.program = "perf", .arguments = {"bench", "epoll", name, "--runtime", "1"}};
    command.arguments.insert(command.arguments.end(), options.begin(), options.end());
    return run(command);
  }

  std::string version() {
    return version_of({.program = "perf", .arguments = {"--version"}}, "version ([0-9.]+)");
  }
};

TEST_P(PerfBench, Waits) {
  const std::vector<Options> variants{{},
                                      {"--nonblocking"},
                                      {"--edge"},
                                      {"--oneshot"},
                                      {"--edge", "--multiq"},
                                      {"--nested", "2"},
                                      {"--randomize", "--nfds", "8"}};
  const std::regex rate(R"(\[ (\d+) ops/sec \])");
  RunStats stats;
  std::uint64_t operations = 0;
  for (const Options& options : variants) {
    SCOPED_TRACE(fmt::format("options: {}", fmt::join(options, " ")));
    const Program& program = run_benchmark("wait", options);
    const std::uint64_t done = sum_of(program.output(), rate);
    EXPECT_GT(done, 0U);
    expect_ran_on_backend(program);
    operations += done;
    stats += program.stats();
  }
  record("perf bench epoll wait " + version(),
         fmt::format("{} waits in {} variants", operations, variants.size()), 0, stats);
}

TEST_P(PerfBench, AddsModifiesAndDeletes) {
  const std::vector<Options> variants{{}, {"--randomize"}, {"--nested", "2"}};
  const std::regex additions(R"(add: (\d+) ops;)");
  const std::regex changes(R"(mod: (\d+) ops;)");
  const std::regex removals(R"(del: (\d+) ops)");
  RunStats stats;
  std::uint64_t added = 0;
  for (const Options& options : variants) {
    SCOPED_TRACE(fmt::format("options: {}", fmt::join(options, " ")));
    const Program& program = run_benchmark("ctl", options);
    const std::uint64_t done = sum_of(program.output(), additions);
    EXPECT_GT(done, 0U);
    EXPECT_GT(sum_of(program.output(), changes), 0U);
    EXPECT_GT(sum_of(program.output(), removals), 0U);
    expect_watched_on_backend(program);
    if (backend_.is_xpoll()) {
      EXPECT_GE(program.stats().watches, done);
    }
    added += done;
    stats += program.stats();
  }
  record("perf bench epoll ctl " + version(),
         fmt::format("{} ADDs in {} variants", added, variants.size()), 0, stats);
}

XPOLL_WITH_PRELOAD(PerfBench);

}  // namespace
}  // namespace xpoll::test

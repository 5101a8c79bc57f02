// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apps/platform.h"
#include "apps/program.h"
#include "tools/util/temporary_directory.h"
#include "util/each_backend.h"

namespace xpoll::test {

// A test with unmodified programs, on xpoll and on native epoll. One of the macros of platform.h
// instantiates its suite.
class AppTest : public testing::TestWithParam<Platform> {
 protected:
  void SetUp() override;
  // Shows the ends of the programs' logs if the test failed, and kills programs that still run.
  void TearDown() override;

  // Starts the program on the test's platform. It runs until the test's end.
  Program& start(const Command& command);
  // Starts it on native epoll whatever the backend, for a client that is not under test.
  Program& start_native(const Command& command);
  // Starts it, waits for its end and expects exit status 0.
  Program& run(const Command& command);

  // Expects that the kernel's counters show that the program ran on xpoll or, if the backend is
  // native, that nobody has created an instance since the test's begin. The program must have
  // ended.
  void expect_ran_on_backend(const Program& program);
  // The same for a program that adds watches and never waits.
  void expect_watched_on_backend(const Program& program);

  // Adds the test's row to the table: what ran ("redis-server 7.0.15"), what it did ("120000
  // requests"), how many errors the test counted, and the kernel's counters.
  void record(std::string_view program, std::string_view work, std::uint64_t errors,
              const RunStats& stats) const;
  void record(std::string_view program, std::string_view work, std::uint64_t errors,
              const Program& ran) const {
    record(program, work, errors, ran.stats());
  }

  // The version that a program prints, as `nginx -v` does: the first group of the regular
  // expression.
  std::string version_of(const Command& command, const std::string& pattern);

  // A directory in the guest's memory, empty at first.
  const std::filesystem::path& directory() const { return directory_.path(); }

  const Backend backend_ = GetParam().backend;

 private:
  Program& start_on(const Platform& platform, const Command& command);

  const TemporaryDirectory directory_;
  std::uint64_t newest_instance_ = 0;  // the number of one that the test created
  std::filesystem::path logs_;
  std::vector<std::unique_ptr<Program>> programs_;
};

}  // namespace xpoll::test

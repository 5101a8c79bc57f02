// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "apps/http_files.h"
#include "apps/program.h"

namespace xpoll::test {

// wrk with a script that compares each response with its file.
class NginxWrk {
 public:
  struct Report {
    std::uint64_t responses;
    std::uint64_t bytes;
    std::uint64_t bad;     // responses with a status or content that differs from the file's
    std::uint64_t errors;  // counted by wrk itself: connecting, reading, writing, timeouts
    std::string text;
  };

  // The script and its report go to `directory`.
  NginxWrk(const HttpFiles& files, std::filesystem::path directory, std::uint16_t port);

  // With an additional header if given ("Connection: close").
  Command command(const std::string& header = {}) const;
  // The report of the last run. Throws if there is none.
  Report report() const;

 private:
  std::filesystem::path script() const { return directory_ / "nginx_check.lua"; }
  std::filesystem::path report_file() const { return directory_ / "wrk.json"; }

  const HttpFiles& files_;
  const std::filesystem::path directory_;
  const std::uint16_t port_;
};

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "apps/http_files.h"
#include "apps/program.h"

namespace xpoll::test {

// wrk with a script that compares each response with the file that it is.
class NginxWrk {
 public:
  struct Report {
    std::uint64_t responses;
    std::uint64_t bytes;
    std::uint64_t bad;     // with another status or content than the file's
    std::uint64_t errors;  // that wrk counted itself: connecting, reading, writing, time-outs
    std::string text;
  };

  // The directory is for the script and its report.
  NginxWrk(const HttpFiles& files, std::filesystem::path directory, std::uint16_t port);

  // With a header if one is given ("Connection: close").
  Command command(const std::string& header = {}) const;
  // Of the last run; throws if it left none.
  Report report() const;

 private:
  std::filesystem::path script() const { return directory_ / "nginx_check.lua"; }
  std::filesystem::path report_file() const { return directory_ / "wrk.json"; }

  const HttpFiles& files_;
  const std::filesystem::path directory_;
  const std::uint16_t port_;
};

}  // namespace xpoll::test

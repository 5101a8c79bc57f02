// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "outcome.h"

namespace fair {

/// One way to run nginx.
struct NginxPlan {
  std::string name;                ///< name of the outcome
  std::vector<std::string> under;  ///< command prefix, such as xpoll-run; may be empty
  bool reuseport = false;
};

/// Returns all plans, native epoll's first.
std::vector<NginxPlan> nginx_plans(const std::filesystem::path& xpoll_run,
                                   const std::filesystem::path& program);

struct NginxOptions {
  std::filesystem::path packages;  ///< directory with the unpacked nginx and wrk
  int workers = 8;
  int seconds = 20;
  int clients = 1;  ///< connections that wrk keeps open, each for one request
};

/// Runs wrk against nginx.
Outcome serve_nginx(const NginxPlan& plan, const NginxOptions& options);

}  // namespace fair

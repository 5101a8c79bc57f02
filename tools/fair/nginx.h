// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "outcome.h"

namespace fair {

/// One way to run nginx.
struct NginxPlan {
  std::string name;                ///< of the outcome
  std::vector<std::string> under;  ///< the command that runs it, as xpoll-run; empty for none
  bool reuseport = false;
};

/// All, native epoll's first.
std::vector<NginxPlan> nginx_plans(const std::filesystem::path& xpoll_run,
                                   const std::filesystem::path& program);

struct NginxOptions {
  std::filesystem::path packages;  ///< a directory in which nginx and wrk are unpacked
  int workers = 8;
  int seconds = 20;
  int clients = 1;  ///< connections that wrk has at a time, each for one request
};

/// Has nginx serve wrk.
Outcome serve_nginx(const NginxPlan& plan, const NginxOptions& options);

}  // namespace fair

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>

#include "apps/http_files.h"
#include "apps/program.h"

namespace xpoll::test {

// An nginx with two workers that keeps all that it writes in one directory. Each response says by
// headers of its own which file it is (X-File), which worker sent it (X-Worker) and by which
// configuration (X-Generation, from 1).
class NginxServer {
 public:
  static constexpr int kWorkers = 2;

  NginxServer(const HttpFiles& files, std::filesystem::path directory, std::uint16_t port);

  // To be started before anything below is called.
  Command command() const;
  void await_start(Program& program);

  std::uint16_t port() const { return port_; }
  std::set<pid_t> workers() const;

  // A configuration of this generation for new workers; returns when the old ones are gone.
  void reload(int generation);
  // What it complained about: warnings and everything worse.
  std::string complaints() const;

 private:
  void configure(int generation) const;

  const HttpFiles& files_;
  const std::filesystem::path directory_;
  const std::uint16_t port_;
  Program* program_ = nullptr;
};

}  // namespace xpoll::test

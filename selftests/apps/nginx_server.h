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

// An nginx with two workers that writes only to one directory. Headers of each response name its
// file (X-File), its worker (X-Worker) and the generation of its configuration (X-Generation, from
// 1).
class NginxServer {
 public:
  static constexpr int kWorkers = 2;

  NginxServer(const HttpFiles& files, std::filesystem::path directory, std::uint16_t port);

  // Start this command before calling the functions below.
  Command command() const;
  void await_start(Program& program);

  std::uint16_t port() const { return port_; }
  std::set<pid_t> workers() const;

  // Writes a configuration of this generation and starts new workers. Returns when the old ones are
  // gone.
  void reload(int generation);
  // Its log of warnings and errors.
  std::string complaints() const;

 private:
  void configure(int generation) const;

  const HttpFiles& files_;
  const std::filesystem::path directory_;
  const std::uint16_t port_;
  Program* program_ = nullptr;
};

}  // namespace xpoll::test

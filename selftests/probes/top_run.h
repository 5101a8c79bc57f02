// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_PROBES_TOP_RUN_H
#define XPOLL_SELFTESTS_PROBES_TOP_RUN_H

#include <sys/types.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "util/fd.h"

namespace xpoll_test {

using Json = nlohmann::json;

struct TopResult {
  int exit_status = -1;
  std::string out;
  std::string err;

  // Of a run with --json.
  Json interval() const;
  Json total() const;
};

// A run of xpoll-top, which is beside the test program.
class TopRun {
 public:
  // `before`: a command that is to execute it.
  explicit TopRun(const std::vector<std::string>& arguments,
                  const std::vector<std::string>& before = {});
  TopRun(const TopRun&) = delete;
  TopRun& operator=(const TopRun&) = delete;
  // Kills what was not ended.
  ~TopRun();

  // What happens from now on is counted. Throws if the program ended instead.
  void waitUntilWatching();
  // Ctrl-C.
  TopResult interrupt();
  // For a run that ends by itself.
  TopResult join();

 private:
  pid_t pid_ = -1;
  Fd out_;
  Fd err_;
  std::string err_so_far_;
};

// What happened to one instance of this process, between construction and the call.
class TopOfInstance {
 public:
  explicit TopOfInstance(int epfd);
  // Once. Throws if the program fails, or the instance is not shown.
  Json end();

 private:
  int epfd_;
  TopRun run_;
};

// The row of this process's instance in an interval; null if there is none.
Json rowOf(const Json& interval, int epfd);

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_PROBES_TOP_RUN_H

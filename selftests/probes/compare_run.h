// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/util/temporary_directory.h"

namespace xpoll::test {

// A run of the xpoll-compare beside the test program.
class CompareRun {
 public:
  // The arguments, COMMAND included, for a shell. Variables: DIR, a writable directory, and BUILT,
  // the directory of the programs.
  explicit CompareRun(const std::string& arguments);

  int status() const { return status_; }
  std::string out() const { return file("out"); }
  std::string err() const { return file("err"); }
  // The content of $DIR/NAME.
  std::string file(const std::string& name) const;
  // For a run with --json $DIR/json.
  nlohmann::json json() const { return nlohmann::json::parse(file("json")); }

 private:
  const TemporaryDirectory directory_;
  int status_;
};

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "tools/util/temporary_directory.h"

namespace xpoll::test {

// A run of xpoll-compare, which is beside the test program.
class CompareRun {
 public:
  // As a shell takes them, COMMAND included. It has DIR, where the run may write, and BUILT, where
  // the programs are.
  explicit CompareRun(const std::string& arguments);

  int status() const { return status_; }
  std::string out() const { return file("out"); }
  std::string err() const { return file("err"); }
  // What it wrote to $DIR/NAME.
  std::string file(const std::string& name) const;
  // Of a run with --json $DIR/json.
  nlohmann::json json() const { return nlohmann::json::parse(file("json")); }

 private:
  const TemporaryDirectory directory_;
  int status_;
};

}  // namespace xpoll::test

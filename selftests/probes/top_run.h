// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "probes/program.h"
#include "probes/shared_tool.h"

namespace xpoll::test {

using Json = nlohmann::json;

// With --json, its output is available as lines.
struct TopResult : ProgramResult {
  Json interval() const;
  Json total() const;
};

// A run of xpoll-top.
class TopRun {
 public:
  // `prepare` runs in the child before exec.
  explicit TopRun(const std::vector<std::string>& arguments,
                  const std::function<void()>& prepare = {});

  // Waits until the text appears in its output. Throws if the program ends first.
  void wait_for_output(const std::string& text) { program_.wait_for_output(text); }
  // Sends Ctrl-C.
  TopResult interrupt();
  // For a run that ends by itself.
  TopResult join();

 private:
  Program program_;
};

// One run of xpoll-top for many tests, limited to instances of this process.
class SharedTop {
 public:
  // Options in addition to those that select this process and JSON.
  explicit SharedTop(std::vector<std::string> options = {});

  // Later events are counted.
  void begin() { tool_.begin(); }
  // The instance's counts since begin(). Throws if the instance is not shown, or if two intervals
  // each have a part of its counts.
  Json end(int epfd);
  // The intervals since begin(), in order.
  std::vector<Json> end() { return tool_.end(); }
  TopResult interrupt() { return {tool_.interrupt()}; }

 private:
  SharedTool tool_;
};

// The row of this process's instance in an interval, or null.
Json row_of(const Json& interval, int epfd);

}  // namespace xpoll::test

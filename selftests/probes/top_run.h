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

// Of a run with --json there are lines to be had.
struct TopResult : ProgramResult {
  Json interval() const;
  Json total() const;
};

// A run of xpoll-top.
class TopRun {
 public:
  // `prepare` runs in the child before the program does.
  explicit TopRun(const std::vector<std::string>& arguments,
                  const std::function<void()>& prepare = {});

  // Until the text is in its output. Throws if the program ended without.
  void wait_for_output(const std::string& text) { program_.wait_for_output(text); }
  // Ctrl-C.
  TopResult interrupt();
  // For a run that ends by itself.
  TopResult join();

 private:
  Program program_;
};

// What happened to instances of this process, by one run of xpoll-top for many tests.
class SharedTop {
 public:
  // Options beside those that choose this process and JSON.
  explicit SharedTop(std::vector<std::string> options = {});

  // What follows is counted.
  void begin() { tool_.begin(); }
  // What happened to the instance since. Throws if the instance is not shown, or if two intervals
  // have a part of that each.
  Json end(int epfd);
  // The intervals since, in the order told.
  std::vector<Json> end() { return tool_.end(); }
  TopResult interrupt() { return {tool_.interrupt()}; }

 private:
  SharedTool tool_;
};

// The row of this process's instance in an interval; null if there is none.
Json row_of(const Json& interval, int epfd);

}  // namespace xpoll::test

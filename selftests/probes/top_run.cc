// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top_run.h"

#include <unistd.h>

#include <csignal>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace xpoll::test {
namespace {

// Printed with the names of the probes once they are attached.
constexpr const char* kWatching = "poll by ";

Json line_of_type(const std::string& lines, const std::string& type) {
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    Json json = Json::parse(line);
    if (json.at("type") == type) return json;
  }
  throw std::runtime_error("no " + type + " in: " + lines);
}

bool did_anything(const Json& row) {
  for (const char* figure : {"callbacks", "wakes", "events", "spurious_wakes", "overflows",
                             "scan_ns", "waits_under_way"})
    if (!row.at(figure).is_null() && row.at(figure) != 0) return true;
  return false;
}

std::vector<std::string> for_this_process(std::vector<std::string> options) {
  for (const std::string& word :
       {std::string("--json"), std::string("--pid"), std::to_string(getpid())})
    options.push_back(word);
  return options;
}

}  // namespace

Json TopResult::interval() const { return line_of_type(out, "interval"); }

Json TopResult::total() const { return line_of_type(out, "total"); }

TopRun::TopRun(const std::vector<std::string>& arguments, const std::function<void()>& prepare)
    : program_("xpoll-top", arguments, prepare) {}

TopResult TopRun::interrupt() {
  program_.signal(SIGINT);
  return join();
}

TopResult TopRun::join() { return {program_.join()}; }

Json row_of(const Json& interval, int epfd) {
  for (const Json& row : interval.at("instances"))
    if (row.at("pid") == getpid() && row.at("fd") == epfd) return row;
  return nullptr;
}

SharedTop::SharedTop(std::vector<std::string> options)
    : tool_("xpoll-top", for_this_process(std::move(options)), kWatching, "interval") {}

// Descriptors and watches may have been reported in the first interval, before begin(), although
// the counts are complete. So find the instance by its address.
Json SharedTop::end(int epfd) {
  const std::vector<Json> intervals = end();
  const Json last = row_of(intervals.back(), epfd);
  if (last.is_null()) throw std::runtime_error("not shown");
  Json found;
  for (const Json& interval : intervals)
    for (const Json& row : interval.at("instances")) {
      if (row.at("instance") != last.at("instance") || row.at("closed") || !did_anything(row))
        continue;
      if (!found.is_null()) throw std::runtime_error("two intervals: " + found.dump() + row.dump());
      found = row;
    }
  if (found.is_null()) return last;
  for (const char* state : {"watches", "holders", "fd"}) found[state] = last.at(state);
  return found;
}

}  // namespace xpoll::test

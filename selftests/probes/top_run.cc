// SPDX-License-Identifier: GPL-2.0-only
#include "probes/top_run.h"

#include <unistd.h>

#include <csignal>
#include <sstream>
#include <stdexcept>

namespace xpoll::test {
namespace {

Json line_of_type(const std::string& lines, const std::string& type) {
  std::istringstream in(lines);
  for (std::string line; std::getline(in, line);) {
    Json json = Json::parse(line);
    if (json.at("type") == type) return json;
  }
  throw std::runtime_error("no " + type + " in: " + lines);
}

}  // namespace

Json TopResult::interval() const { return line_of_type(out, "interval"); }

Json TopResult::total() const { return line_of_type(out, "total"); }

TopRun::TopRun(const std::vector<std::string>& arguments, const std::function<void()>& prepare)
    : program_("xpoll-top", arguments, prepare) {}

void TopRun::wait_until_watching() {
  // It says what it watches by once it does.
  program_.wait_for_error("poll by ");
}

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

TopOfInstance::TopOfInstance(int epfd)
    : epfd_(epfd), run_({"--json", "--interval", "3600", "--pid", std::to_string(getpid())}) {
  run_.wait_until_watching();
}

Json TopOfInstance::end() {
  const TopResult result = run_.interrupt();
  if (result.status != 0) throw std::runtime_error("xpoll-top failed: " + result.err);
  Json row = row_of(result.interval(), epfd_);
  if (row.is_null()) throw std::runtime_error("not shown: " + result.out);
  return row;
}

}  // namespace xpoll::test

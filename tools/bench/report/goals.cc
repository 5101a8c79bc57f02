// SPDX-License-Identifier: GPL-2.0-only
#include "goals.h"

#include <fmt/format.h>

#include <algorithm>
#include <regex>

namespace bench_report {
namespace {

constexpr const char* kCalls = "server's system calls";

/// A limit: one backend may cost at most this many times what another backend costs, at each place
/// that matches; or at most this much more, for a difference; or at most this much, if there is no
/// other backend. Without a unit it is a goal for costs and bytes.
struct Goal {
  const char* name;
  const char* places;  // regular expression for "subject parameters"
  const char* backend;
  const char* against;  // or null
  const char* free_of;  // baseline that both include, subtracted from both; or null
  double limit;
  const char* unit = nullptr;
  bool difference = false;
};

constexpr Goal kGoals[] = {
    {"wait with 1 ready, level", "wait_level_\\w+ 1/\\d+", "xpoll", "epoll", nullptr, 1.20},
    {"ADD", "ctl_add_\\w+ \\d+", "xpoll", "epoll", nullptr, 1.05},
    {"MOD", "ctl_mod_\\w+ \\d+", "xpoll", "epoll", nullptr, 1.25},
    {"DEL", "ctl_del_\\w+ \\d+", "xpoll", "epoll", nullptr, 1.10},
    {"callback with nobody waiting", "callback_\\w+ \\d+", "xpoll", "epoll", "unwatched", 0.90},
    {"wait with 1,000 ready", "wait_(level|edge)_\\w+ 1000/\\d+", "xpoll", "epoll", nullptr, 0.80},
    {"memory per watch", "memory_\\w+ .*", "xpoll", "epoll", nullptr, 1.00},
    {"wait with nothing ready, epoll's call", "wait_none \\d+", "xpoll_calls", "epoll", nullptr,
     0.92},
    {"wait with 1 ready, level, epoll's call", "wait_level_\\w+ 1/1000", "xpoll_calls", "epoll",
     nullptr, 0.82},
    {"wait with 1 ready, edge, epoll's call", "wait_edge_\\w+ 1/1000", "xpoll_calls", "epoll",
     nullptr, 0.85},
    {"ADD, epoll's call", "ctl_add_\\w+ \\d+", "xpoll_calls", "epoll", nullptr, 0.92},
    {"DEL, epoll's call", "ctl_del_\\w+ \\d+", "xpoll_calls", "epoll", nullptr, 0.92},
    {"MOD, epoll's call", "ctl_mod_\\w+ \\d+", "xpoll_calls", "epoll", nullptr, 1.03},
    {"create and close, epoll's call", "create_close ", "xpoll_calls", "epoll", nullptr, 1.20},
    {"64 MOD in one ENTER", "enter_mod_\\w+ 64", "xpoll", "epoll", nullptr, 0.50},
    {"64 ADD in one ENTER", "enter_add_\\w+ 64", "xpoll", "epoll", nullptr, 0.62},
    {"64 DEL in one ENTER", "enter_del_\\w+ 64", "xpoll", "epoll", nullptr, 0.55},
    {"re-arm 16 and wait for 16, ONESHOT", "enter_rearm_\\w+ 16", "xpoll", "epoll", nullptr, 0.42},
    {"POST and wait, against an eventfd, epoll's call", "post ", "xpoll_calls", "epoll", nullptr,
     0.50},
    {"event from the ring, 1 ready, instructions", "take_\\w+ 1", "ring", nullptr, nullptr, 22},
    {"event from the ring, 1,000 ready, instructions", "take_\\w+ 1000", "ring", nullptr, nullptr,
     14},
    {"callback into a ring with nobody waiting", "callback_edge_\\w+ \\d+", "ring", "epoll",
     "unwatched", 1.00},
    {"64 MOD by slot in one ENTER", "enter_mod_\\w+ 64", "ring", "epoll", nullptr, 0.38},
    {"re-arm 16 by slot and take 16, ONESHOT", "enter_rearm_\\w+ 16", "ring", "epoll", nullptr,
     0.42},
    {"POST to a ring, against an eventfd", "post ", "ring", "epoll", nullptr, 0.30},
    {"echo, 64 of 1,000, from a ring", "echo_\\w+ 64/1000", "ring", "epoll", nullptr, 1.00},
    {"echo, 64 of 1,000, from a ring, against edge trigger", "echo_\\w+ 64/1000", "ring",
     "epoll_edge", nullptr, 1.00},
    {"echo, 64 of 1,000, from a ring, against io_uring's poll", "echo_\\w+ 64/1000", "ring",
     "io_uring", nullptr, 1.00},
    {"edge-triggered echo with bytes known, against reading on", "echo_until_empty_tcp .*",
     "xpoll_extended", "epoll", nullptr, 1.00},
    {"edge-triggered echo with bytes known, calls for each request", "echo_until_empty_tcp 64/\\d+",
     "xpoll_extended", nullptr, nullptr, 2.02, kCalls},
    {"64 ADD with cookie that end with the descriptor, in one ENTER", "watch_add_\\w+ ",
     "xpoll_enter", "epoll", nullptr, 1.05},
    {"close that ends a watch, against DEL and close", "watch_end ", "xpoll", "epoll", nullptr,
     0.80},
    {"ADD with cookie that ends with the descriptor", "watch_add_\\w+ ", "xpoll", "epoll", nullptr,
     1.05},
    {"exit with 4,000 watches that end with their descriptor", "watch_exit 4000", "flagged",
     "plain", nullptr, 3.00},
    {"close of an unwatched file, hook attached, more", "watch_unrelated_close ", "hooked",
     "unhooked", nullptr, 23, nullptr, true},
    {"MOD and DEL by cookie, more than by number", "watch_(mod|del)_\\w+ ", "by_cookie",
     "by_number", nullptr, -50, nullptr, true},
    {"extended event, 1,000 ready, more", "extended_wait_tcp 1000", "extended", "plain", nullptr,
     35, nullptr, true},
    {"extended event with the time of its wake-up, more", "extended_wake_\\w+ 1000", "time",
     "plain", nullptr, 85, nullptr, true},
    {"close of an unwatched file, module loaded", "unwatched_close_\\w+ ", "loaded", "unloaded",
     nullptr, 1.01},
};

/// A cost that could grow with the number of watched descriptors.
struct Growth {
  const char* name;
  const char* subject;
  const char* backend;
  const char* large;  // parameters
  const char* small;
  double limit;
};

constexpr Growth kGrowths[] = {
    {"wait with 1 ready, 1,000,000 watched against 10", "wait_level_eventfd", "xpoll", "1/1000000",
     "1/10", 1.05},
};

bool concerns(const Goal& goal, const Result& result) {
  if (goal.unit != nullptr) return result.unit == goal.unit;
  return result.is_cost() || result.unit == "bytes";
}

void judge_place(const Goal& goal, const Results& results, const Result& result,
                 std::vector<Verdict>& verdicts) {
  const std::string where = fmt::format("{} {}", result.subject, result.parameters);
  if (goal.against == nullptr) {
    verdicts.push_back({goal.name, where, result.figure, goal.limit});
    return;
  }
  const Result* against = results.sibling(result, goal.against);
  if (against == nullptr) return;
  double free_of = 0;
  if (goal.free_of != nullptr) {
    const Result* both = results.sibling(result, goal.free_of);
    if (both == nullptr) return;
    free_of = both->figure;
  }
  const double figure = goal.difference ? result.figure - against->figure
                                        : (result.figure - free_of) / (against->figure - free_of);
  verdicts.push_back({goal.name, where, figure, goal.limit});
}

void judge_goal(const Goal& goal, const Results& results, std::vector<Verdict>& verdicts) {
  const std::regex places{goal.places};
  for (const Result& result : results.all) {
    if (result.backend != goal.backend || !concerns(goal, result)) continue;
    if (!std::regex_match(result.subject + " " + result.parameters, places)) continue;
    judge_place(goal, results, result, verdicts);
  }
}

const Result* find_cost(const Results& results, const Growth& growth, std::string_view parameters) {
  const auto found = std::ranges::find_if(results.all, [&](const Result& result) {
    return result.is_cost() && result.subject == growth.subject &&
           result.backend == growth.backend && result.parameters == parameters;
  });
  return found == results.all.end() ? nullptr : &*found;
}

void judge_growth(const Growth& growth, const Results& results, std::vector<Verdict>& verdicts) {
  const Result* large = find_cost(results, growth, growth.large);
  const Result* small = find_cost(results, growth, growth.small);
  if (large == nullptr || small == nullptr) return;
  verdicts.push_back({growth.name, fmt::format("{} {}", growth.subject, growth.large),
                      large->figure / small->figure, growth.limit});
}

}  // namespace

std::vector<Verdict> judge(const Results& results) {
  std::vector<Verdict> verdicts;
  for (const Goal& goal : kGoals) judge_goal(goal, results, verdicts);
  for (const Growth& growth : kGrowths) judge_growth(growth, results, verdicts);
  return verdicts;
}

std::vector<std::string> unjudged(const Results& results) {
  const std::vector<Verdict> verdicts = judge(results);
  std::vector<std::string> names;
  const auto look = [&](const char* name) {
    if (std::ranges::find(verdicts, name, &Verdict::goal) == verdicts.end())
      names.emplace_back(name);
  };
  for (const Goal& goal : kGoals) look(goal.name);
  for (const Growth& growth : kGrowths) look(growth.name);
  return names;
}

}  // namespace bench_report

// SPDX-License-Identifier: GPL-2.0-only
#include "attack/outcome.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/util/text_table.h"

namespace xpoll::attack {
namespace {

// Fewer starts of an act need not have had an effect.
constexpr std::uint64_t kEnoughStarts = 20;
constexpr double kNsPerSecond = 1e9;

constexpr const char* kNative = "native";
constexpr const char* kXpoll = "xpoll";

std::string number(double value) { return fmt::format("{:.1f}", value); }

std::string name_of(const std::string& act) { return act.empty() ? "all" : act; }

}  // namespace

void Outcome::add(const std::string& backend, const std::string& act, const ActResult& result,
                  bool optional) {
  OfAct& of_act = acts_[act];
  of_act.optional = optional;
  of_act.results[backend].started += result.started;
  of_act.results[backend].effects += result.effects;
}

bool Outcome::OfAct::must_have_effect(const std::string& backend) const {
  if (!optional) return true;
  const auto native = results.find(kNative);
  return backend == kXpoll && native != results.end() && native->second.effects > 0;
}

void Outcome::Sum::add(const Slice& slice) {
  requests += slice.requests;
  seconds += slice.seconds;
  longest_ns = std::max(longest_ns, slice.longest_ns);
}

double Outcome::Sum::rate() const {
  return seconds > 0 ? static_cast<double>(requests) / seconds : 0;
}

double Outcome::Sum::longest_seconds() const {
  return static_cast<double>(longest_ns) / kNsPerSecond;
}

Outcome::Sum Outcome::sum(const std::string& backend, const std::string& act) const {
  Sum sum;
  for (const Slice& slice : slices_)
    if (slice.backend == backend && slice.act == act) sum.add(slice);
  return sum;
}

Outcome::Sum Outcome::sum(const std::string& backend) const {
  Sum sum;
  for (const Slice& slice : slices_)
    if (slice.backend == backend) sum.add(slice);
  return sum;
}

double Outcome::ratio(const std::string& act) const {
  return sum(kNative, act).rate() / sum(kXpoll, act).rate();
}

std::set<std::string> Outcome::acts_of_slices() const {
  std::set<std::string> acts;
  for (const Slice& slice : slices_) acts.insert(slice.act);
  return acts;
}

std::uint64_t Outcome::acts_started() const {
  std::uint64_t sum = 0;
  for (const auto& [name, act] : acts_)
    for (const auto& [backend, result] : act.results) sum += result.started;
  return sum;
}

double Outcome::longest_allowed_pause(const std::string& act) const {
  return std::max(limits_.pause_floor_seconds,
                  limits_.pause_factor * sum(kNative, act).longest_seconds());
}

std::size_t Outcome::long_pauses(const std::string& act) const {
  const double most = longest_allowed_pause(act) * kNsPerSecond;
  return static_cast<std::size_t>(std::ranges::count_if(slices_, [&](const Slice& slice) {
    return slice.backend == kXpoll && slice.act == act &&
           static_cast<double>(slice.longest_ns) > most;
  }));
}

std::vector<std::string> Outcome::faults() const {
  std::vector<std::string> faults;
  for (const std::string& act : acts_of_slices())
    if (exceeds_ratio(act))
      faults.push_back(
          fmt::format("attacked by {}, the victim had {:.2f} times as many requests on native "
                      "epoll, more than {}",
                      name_of(act), ratio(act), limits_.factor));
  for (const std::string& act : acts_of_slices())
    if (const std::size_t pauses = long_pauses(act); pauses > 1)
      faults.push_back(
          fmt::format("attacked by {}, the victim paused for more than {:.2f} s in {} slices",
                      name_of(act), longest_allowed_pause(act), pauses));
  for (const Slice& slice : slices_)
    if (slice.backend == kXpoll && slice.failures > 0)
      faults.push_back(fmt::format("{} calls of the victim failed, the last one with {}",
                                   slice.failures, slice.failure));
  for (const Slice& slice : slices_)
    if (slice.started == 0)
      faults.push_back(fmt::format("nobody attacked {} by {}", slice.backend, name_of(slice.act)));
  for (const auto& [name, act] : acts_)
    for (const auto& [backend, result] : act.results)
      if (act.must_have_effect(backend) && result.started >= kEnoughStarts && result.effects == 0)
        faults.push_back(fmt::format("{} on {} did nothing", name, backend));
  return faults;
}

std::string Outcome::rates_text() const {
  TextTable table(columns_of(
      {"attacked by", "native/s", "longest ms", "xpoll/s", "longest ms", "native/xpoll"}));
  for (const std::string& act : acts_of_slices()) {
    const Sum native = sum(kNative, act);
    const Sum xpoll = sum(kXpoll, act);
    table.add({name_of(act), number(native.rate()), number(native.longest_seconds() * 1e3),
               number(xpoll.rate()), number(xpoll.longest_seconds() * 1e3),
               fmt::format("{:.2f}", ratio(act))});
  }
  return table.text();
}

std::string Outcome::acts_text() const {
  TextTable table(columns_of({"act", "native", "effects", "xpoll", "effects"}));
  for (const auto& [name, act] : acts_) {
    std::vector<std::string> cells{name};
    for (const char* backend : {kNative, kXpoll}) {
      const auto result = act.results.find(backend);
      const ActResult figures = result == act.results.end() ? ActResult{} : result->second;
      cells.push_back(std::to_string(figures.started));
      cells.push_back(std::to_string(figures.effects));
    }
    table.add(std::move(cells));
  }
  return table.text();
}

std::string Outcome::text() const {
  std::string text = acts_text() + rates_text();
  for (const char* backend : {kNative, kXpoll})
    text += fmt::format("{}: {:.1f} requests per guest second, longest pause {:.1f} ms\n", backend,
                        sum(backend).rate(), sum(backend).longest_seconds() * 1e3);
  text += fmt::format("seed {}: {} acts; native's rate is {:.2f} times xpoll's\n", seed_,
                      acts_started(), sum(kNative).rate() / sum(kXpoll).rate());
  for (const std::string& fault : faults()) text += "FAULT " + fault + "\n";
  return text;
}

nlohmann::ordered_json Outcome::json() const {
  nlohmann::ordered_json json{{"seed", seed_},
                              {"steps", acts_started()},
                              {"limits",
                               {{"factor", limits_.factor},
                                {"pause_factor", limits_.pause_factor},
                                {"pause_floor_seconds", limits_.pause_floor_seconds}}},
                              {"faults", faults()}};
  for (const char* backend : {kNative, kXpoll})
    json[backend] = {{"requests_per_second", sum(backend).rate()},
                     {"longest_pause_ms", sum(backend).longest_seconds() * 1e3}};
  for (const std::string& act : acts_of_slices()) json["ratios"][name_of(act)] = ratio(act);
  for (const Slice& slice : slices_)
    json["slices"].push_back({{"backend", slice.backend},
                              {"act", slice.act},
                              {"seconds", slice.seconds},
                              {"requests", slice.requests},
                              {"longest_pause_ns", slice.longest_ns},
                              {"failures", slice.failures},
                              {"started", slice.started},
                              {"end_seconds", slice.end_seconds}});
  for (const auto& [name, act] : acts_)
    for (const auto& [backend, result] : act.results)
      json["acts"][name][backend] = {{"started", result.started}, {"effects", result.effects}};
  return json;
}

}  // namespace xpoll::attack

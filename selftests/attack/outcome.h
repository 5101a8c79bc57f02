// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

namespace xpoll::attack {

// What one slice measured.
struct Slice {
  std::string backend;
  // The act of all attackers, or empty if each chose among all.
  std::string act;
  double seconds = 0;
  std::uint64_t requests = 0;
  std::uint64_t longest_ns = 0;
  std::uint64_t failures = 0;
  // Acts of all attackers.
  std::uint64_t started = 0;
  std::string failure;
  // From the order to end until the last attacker had ended.
  double end_seconds = 0;
};

struct ActResult {
  std::uint64_t started = 0;
  std::uint64_t effects = 0;
};

// What xpoll must not be worse than.
struct Limits {
  // Requests: native's rate by this, with each act by itself and with all of them.
  double factor = 3;
  // The longest pause, with each act by itself and with all of them: native's times this, unless
  // it is below the floor.
  double pause_factor = 10;
  double pause_floor_seconds = 3;
};

class Outcome {
 public:
  Outcome(std::uint64_t seed, Limits limits) : seed_(seed), limits_(limits) {}

  void add(const Slice& slice) { slices_.push_back(slice); }
  void add(const std::string& backend, const std::string& act, const ActResult& result,
           bool optional);

  // Native's rate divided by xpoll's in the slices with this act.
  [[nodiscard]] double ratio(const std::string& act) const;
  // Further slices may show that it was an accident.
  [[nodiscard]] bool exceeds(const std::string& act) const {
    return exceeds_ratio(act) || long_pauses(act) == 1;
  }

  // Empty if xpoll kept its limits.
  [[nodiscard]] std::vector<std::string> faults() const;
  [[nodiscard]] std::string text() const;
  [[nodiscard]] nlohmann::ordered_json json() const;

 private:
  struct OfAct {
    std::map<std::string, ActResult> results;
    bool optional = false;

    // Whether it is a fault that the act has no effect on this implementation. An optional one may
    // have none on native epoll, and none on xpoll if it had none on native epoll.
    [[nodiscard]] bool must_have_effect(const std::string& backend) const;
  };

  // What the slices of an implementation measured that have this act.
  struct Sum {
    std::uint64_t requests = 0;
    double seconds = 0;
    std::uint64_t longest_ns = 0;

    void add(const Slice& slice);
    // Requests per guest second.
    [[nodiscard]] double rate() const;
    [[nodiscard]] double longest_seconds() const;
  };

  [[nodiscard]] bool exceeds_ratio(const std::string& act) const {
    return !(ratio(act) <= limits_.factor);
  }
  [[nodiscard]] double longest_allowed_pause(const std::string& act) const;
  // Number of xpoll's slices with a longer pause. The host may have caused a single one.
  [[nodiscard]] std::size_t long_pauses(const std::string& act) const;
  [[nodiscard]] Sum sum(const std::string& backend, const std::string& act) const;
  [[nodiscard]] Sum sum(const std::string& backend) const;
  [[nodiscard]] std::set<std::string> acts_of_slices() const;
  [[nodiscard]] std::uint64_t acts_started() const;
  [[nodiscard]] std::string rates_text() const;
  [[nodiscard]] std::string acts_text() const;

  std::uint64_t seed_;
  Limits limits_;
  std::vector<Slice> slices_;
  std::map<std::string, OfAct> acts_;
};

}  // namespace xpoll::attack

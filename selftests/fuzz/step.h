// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace xpoll::fuzz {

class Lockstep;

// The type of an argument: how to write it in C++, and how to simplify it.
enum class Argument {
  kNumber,
  kBool,
  kCreateFlags,
  kSocketType,
  kEventfdFlags,
  kHow,
  kCtlOperation,
  kEvents,
  kData,
  kChange,
};

using Arguments = std::array<std::int64_t, 5>;

// A member function of Lockstep. Steps point to these objects, which are never copied.
struct Operation {
  std::string_view name;
  std::vector<Argument> arguments;
  void (*run)(Lockstep& lockstep, const Arguments& arguments);
};

std::span<const Operation> operations();
const Operation& operation_named(std::string_view name);

struct Step {
  const Operation* operation;
  Arguments arguments{};

  void run(Lockstep& lockstep) const { operation->run(lockstep, arguments); }
  bool operator==(const Step&) const = default;
};

// "lockstep.ctl(0, EPOLL_CTL_ADD, 1, EPOLLIN | EPOLLET, 7);"
std::string to_cxx(const Step& step);
// A test that can be pasted into regression_test.cc.
std::string to_cxx_test(std::span<const Step> steps, std::string_view name);

}  // namespace xpoll::fuzz

// SPDX-License-Identifier: GPL-2.0-only
#include "step.h"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "change.h"
#include "lockstep.h"

namespace xpoll::fuzz {
namespace {

// Calls a member function with a step's arguments.
template <auto kMember>
struct Caller;

template <typename... Parameters, void (Lockstep::*kMember)(Parameters...)>
struct Caller<kMember> {
  static void run(Lockstep& lockstep, const Arguments& arguments) {
    call(lockstep, arguments, std::index_sequence_for<Parameters...>());
  }

 private:
  template <std::size_t... kIndex>
  static void call(Lockstep& lockstep, const Arguments& arguments, std::index_sequence<kIndex...>) {
    (lockstep.*kMember)(static_cast<Parameters>(arguments[kIndex])...);
  }
};

template <auto kMember>
Operation make(std::string_view name, std::vector<Argument> arguments) {
  return {name, std::move(arguments), &Caller<kMember>::run};
}

using enum Argument;

const std::vector<Operation>& table() {
  static const std::vector<Operation> all{
      make<&Lockstep::poll_after_each_step>("poll_after_each_step", {kBool}),
      make<&Lockstep::poll>("poll", {}),
      make<&Lockstep::create>("create", {kNumber, kCreateFlags}),
      make<&Lockstep::tcp>("tcp", {kNumber, kNumber}),
      make<&Lockstep::listener>("listener", {kNumber}),
      make<&Lockstep::connect>("connect", {kNumber, kNumber}),
      make<&Lockstep::accept>("accept", {kNumber, kNumber}),
      make<&Lockstep::unix_pair>("unix_pair", {kNumber, kNumber, kSocketType}),
      make<&Lockstep::pipe>("pipe", {kNumber, kNumber}),
      make<&Lockstep::eventfd>("eventfd", {kNumber, kNumber, kEventfdFlags}),
      make<&Lockstep::timerfd>("timerfd", {kNumber}),
      make<&Lockstep::memfd>("memfd", {kNumber}),
      make<&Lockstep::dev_null>("dev_null", {kNumber}),
      make<&Lockstep::dup>("dup", {kNumber, kNumber}),
      make<&Lockstep::close>("close", {kNumber}),
      make<&Lockstep::fork>("fork", {kNumber}),
      make<&Lockstep::close_in_child>("close_in_child", {kNumber, kNumber}),
      make<&Lockstep::exit_child>("exit_child", {kNumber}),
      make<&Lockstep::pass>("pass", {kNumber, kNumber}),
      make<&Lockstep::receive>("receive", {kNumber, kNumber}),
      make<&Lockstep::write>("write", {kNumber, kNumber}),
      make<&Lockstep::read>("read", {kNumber, kNumber}),
      make<&Lockstep::fill>("fill", {kNumber}),
      make<&Lockstep::drain>("drain", {kNumber}),
      make<&Lockstep::shutdown>("shutdown", {kNumber, kHow}),
      make<&Lockstep::reset>("reset", {kNumber}),
      make<&Lockstep::send_out_of_band>("send_out_of_band", {kNumber}),
      make<&Lockstep::expire>("expire", {kNumber}),
      make<&Lockstep::ctl>("ctl", {kNumber, kCtlOperation, kNumber, kEvents, kData}),
      make<&Lockstep::ctl_without_event>("ctl_without_event",
                                         {kNumber, kCtlOperation, kNumber, kBool}),
      make<&Lockstep::enter>("enter", {kNumber, kNumber, kChange, kChange, kChange}),
      make<&Lockstep::wait>("wait", {kNumber, kNumber, kNumber}),
      make<&Lockstep::wait_into>("wait_into", {kNumber, kNumber, kNumber}),
      make<&Lockstep::pwait2>("pwait2", {kNumber, kNumber, kNumber, kNumber}),
      make<&Lockstep::pwait2_unreadable>("pwait2_unreadable", {kNumber, kNumber}),
      make<&Lockstep::start_wait>("start_wait", {kNumber, kNumber, kNumber}),
      make<&Lockstep::interrupt>("interrupt", {kNumber}),
      make<&Lockstep::post>("post", {kNumber, kData}),
      make<&Lockstep::ring>("ring", {kNumber}),
      make<&Lockstep::ring_ctl>("ring_ctl", {kNumber, kCtlOperation, kNumber, kEvents, kData}),
      make<&Lockstep::ring_enter>("ring_enter", {kNumber, kCtlOperation, kNumber, kEvents, kData}),
      make<&Lockstep::ring_by_number>("ring_by_number",
                                      {kNumber, kCtlOperation, kNumber, kEvents, kData}),
      make<&Lockstep::ring_take>("ring_take", {kNumber, kNumber}),
      make<&Lockstep::ring_take_some>("ring_take_some", {kNumber, kNumber}),
  };
  return all;
}

struct Name {
  std::int64_t value;
  std::string_view text;
};

constexpr std::array kCtlOperations{
    Name{EPOLL_CTL_ADD, "EPOLL_CTL_ADD"}, Name{EPOLL_CTL_MOD, "EPOLL_CTL_MOD"},
    Name{EPOLL_CTL_DEL, "EPOLL_CTL_DEL"}, Name{Change::kUpsert, "Change::kUpsert"}};
constexpr std::array kHows{Name{SHUT_RD, "SHUT_RD"}, Name{SHUT_WR, "SHUT_WR"},
                           Name{SHUT_RDWR, "SHUT_RDWR"}};
constexpr std::array kSocketTypes{Name{SOCK_STREAM, "SOCK_STREAM"}, Name{SOCK_DGRAM, "SOCK_DGRAM"},
                                  Name{SOCK_SEQPACKET, "SOCK_SEQPACKET"}};
constexpr std::array kCreateFlagNames{Name{EPOLL_CLOEXEC, "EPOLL_CLOEXEC"}};
constexpr std::array kEventfdFlagNames{Name{EFD_SEMAPHORE, "EFD_SEMAPHORE"}};
constexpr std::array kEventNames{Name{EPOLLIN, "EPOLLIN"},
                                 Name{EPOLLPRI, "EPOLLPRI"},
                                 Name{EPOLLOUT, "EPOLLOUT"},
                                 Name{EPOLLERR, "EPOLLERR"},
                                 Name{EPOLLHUP, "EPOLLHUP"},
                                 Name{EPOLLRDNORM, "EPOLLRDNORM"},
                                 Name{EPOLLRDBAND, "EPOLLRDBAND"},
                                 Name{EPOLLWRNORM, "EPOLLWRNORM"},
                                 Name{EPOLLWRBAND, "EPOLLWRBAND"},
                                 Name{EPOLLMSG, "EPOLLMSG"},
                                 Name{EPOLLRDHUP, "EPOLLRDHUP"},
                                 Name{EPOLLEXCLUSIVE, "EPOLLEXCLUSIVE"},
                                 Name{EPOLLWAKEUP, "EPOLLWAKEUP"},
                                 Name{EPOLLONESHOT, "EPOLLONESHOT"},
                                 Name{static_cast<std::uint32_t>(EPOLLET), "EPOLLET"}};

std::string one_of(std::span<const Name> names, std::int64_t value) {
  const auto name = std::ranges::find(names, value, &Name::value);
  return name == names.end() ? fmt::format("{}", value) : std::string(name->text);
}

std::string bits_of(std::span<const Name> names, std::uint32_t bits) {
  std::vector<std::string> parts;
  for (const Name& name : names) {
    if (!(bits & static_cast<std::uint32_t>(name.value))) continue;
    parts.emplace_back(name.text);
    bits &= ~static_cast<std::uint32_t>(name.value);
  }
  if (bits || parts.empty()) parts.push_back(fmt::format("{:#x}", bits));
  return fmt::format("{}", fmt::join(parts, " | "));
}

std::string argument_text(Argument kind, std::int64_t value) {
  switch (kind) {
    case kNumber:
      return fmt::format("{}", value);
    case kBool:
      return value ? "true" : "false";
    case kCreateFlags:
      return bits_of(kCreateFlagNames, static_cast<std::uint32_t>(value));
    case kSocketType:
      return one_of(kSocketTypes, value);
    case kEventfdFlags:
      return bits_of(kEventfdFlagNames, static_cast<std::uint32_t>(value));
    case kHow:
      return one_of(kHows, value);
    case kCtlOperation:
      return one_of(kCtlOperations, value);
    case kEvents:
      return bits_of(kEventNames, static_cast<std::uint32_t>(value));
    case kData:
      return fmt::format("{:#x}", static_cast<std::uint64_t>(value));
    case kChange: {
      const Change change = Change::unpack(value);
      if (change.op == 0) return "0";
      return fmt::format("Change{{{}, {}, {}, {:#x}}}.pack()", one_of(kCtlOperations, change.op),
                         change.slot, bits_of(kEventNames, change.events), change.data);
    }
  }
  throw std::logic_error("argument of no kind");
}

}  // namespace

std::span<const Operation> operations() { return table(); }

const Operation& operation_named(std::string_view name) {
  const auto operation = std::ranges::find(table(), name, &Operation::name);
  if (operation == table().end())
    throw std::logic_error(fmt::format("no operation is called {}", name));
  return *operation;
}

std::string to_cxx(const Step& step) {
  std::vector<std::string> arguments;
  std::size_t next = 0;
  for (const Argument kind : step.operation->arguments)
    arguments.push_back(argument_text(kind, step.arguments[next++]));
  return fmt::format("lockstep.{}({});", step.operation->name, fmt::join(arguments, ", "));
}

std::string to_cxx_test(std::span<const Step> steps, std::string_view name) {
  std::string text = fmt::format("TEST_F(RegressionTest, {}) {{\n", name);
  for (const Step& step : steps) text += fmt::format("  {}\n", to_cxx(step));
  return text + "}\n";
}

}  // namespace xpoll::fuzz

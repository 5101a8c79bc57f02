// SPDX-License-Identifier: GPL-2.0-only
#include "table.h"

#include <fmt/format.h>

#include <cstdint>
#include <locale>
#include <string>

namespace demo {
namespace {

using Json = nlohmann::ordered_json;

struct Row {
  const char* title;
  std::string xpoll;
  std::string native;
};

/// Digits in groups of three, whatever the user's locale.
struct Thousands : std::numpunct<char> {
  char do_thousands_sep() const override { return ','; }
  std::string do_grouping() const override { return "\3"; }
};

std::string count(const Json& report, const char* figure) {
  static const std::locale grouped(std::locale::classic(), new Thousands);
  return fmt::format(grouped, "{:L}", report.at(figure).get<std::uint64_t>());
}

std::string ratio(const Json& report, const char* figure) {
  return fmt::format("{:.2f}", report.at(figure).get<double>());
}

}  // namespace

void print_table(const Json& xpoll, const Json& native) {
  const auto counted = [&](const char* title, const char* who, const char* figure) {
    return Row{title, count(xpoll.at(who), figure), count(native.at(who), figure)};
  };
  const auto divided = [&](const char* title, const char* figure) {
    return Row{title, ratio(xpoll.at("server"), figure), ratio(native.at("server"), figure)};
  };
  const Row rows[] = {
      {"", "xpoll", "native"},
      counted("connections from the guest", "client_in_guest", "connections"),
      counted("connections from the host", "client_on_host", "connections"),
      counted("most open at once", "server", "most_open"),
      counted("messages", "server", "messages"),
      counted("bytes each way, all checked", "server", "bytes"),
      counted("waits", "server", "waits"),
      counted("ctl calls", "server", "ctls"),
      divided("events per wait", "events_per_wait"),
      divided("system calls per message", "system_calls_per_message"),
  };
  for (const Row& row : rows)
    fmt::print("  {:<30}{:>12}{:>12}\n", row.title, row.xpoll, row.native);
}

}  // namespace demo

// SPDX-License-Identifier: GPL-2.0-only
#include "table.h"

#include <fmt/format.h>

#include <cstdint>
#include <string>

#include "tools/util/text_table.h"
#include "tools/util/thousands.h"

namespace demo {
namespace {

using Json = nlohmann::ordered_json;

std::string count(const Json& report, const char* figure) {
  return fmt::format(xpoll::thousands(), "{:L}", report.at(figure).get<std::uint64_t>());
}

std::string ratio(const Json& report, const char* figure) {
  return fmt::format("{:.2f}", report.at(figure).get<double>());
}

}  // namespace

void print_table(const Json& on_xpoll, const Json& native) {
  xpoll::TextTable table(
      {xpoll::left("", 30), xpoll::right("xpoll", 10), xpoll::right("native", 10)});
  const auto counted = [&](const char* title, const char* who, const char* figure) {
    table.add({title, count(on_xpoll.at(who), figure), count(native.at(who), figure)});
  };
  const auto divided = [&](const char* title, const char* figure) {
    table.add({title, ratio(on_xpoll.at("server"), figure), ratio(native.at("server"), figure)});
  };
  counted("connections from the guest", "client_in_guest", "connections");
  counted("connections from the host", "client_on_host", "connections");
  counted("most open at once", "server", "most_open");
  counted("messages", "server", "messages");
  counted("bytes each way, all checked", "server", "bytes");
  counted("waits", "server", "waits");
  counted("ctl calls", "server", "ctls");
  divided("events per wait", "events_per_wait");
  divided("system calls per message", "system_calls_per_message");
  for (const std::string& line : table.lines()) fmt::print("  {}\n", line);
}

}  // namespace demo

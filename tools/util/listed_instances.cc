// SPDX-License-Identifier: GPL-2.0-only
#include "listed_instances.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <stdexcept>

namespace xpoll {
namespace {

/** Cuts off the text up to the separator, or all if there is none. */
std::string_view cut(std::string_view& text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const std::string_view part = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool is_octal(std::string_view digits) {
  return digits.size() == 3 &&
         std::ranges::all_of(digits, [](char digit) { return digit >= '0' && digit <= '7'; });
}

/** Undoes the kernel's \ooo. */
std::string unescaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    if (text.front() == '\\' && is_octal(text.substr(1, 3))) {
      result += static_cast<char>((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
      text.remove_prefix(4);
    } else {
      result += text.front();
      text.remove_prefix(1);
    }
  }
  return result;
}

class Line {
 public:
  Line(const std::vector<std::string>& columns, std::string_view text) : text_(text) {
    std::string_view rest = text;
    for (const std::string& column : columns) {
      // The name is last and may have blanks.
      cells_[column] = column == columns.back() ? rest : cut(rest, ' ');
    }
  }

  template <class Number>
  void read(const char* column, Number& number) const {
    const std::string_view cell = at(column);
    const auto [end, error] = std::from_chars(cell.begin(), cell.end(), number);
    if (error != std::errc{} || end != cell.end())
      throw std::runtime_error(fmt::format("{} is no number: {}", column, text_));
  }
  void read(const char* column, bool& flag) const {
    unsigned number = 0;
    read(column, number);
    flag = number != 0;
  }
  void read(const char* column, std::string& text) const { text = unescaped(at(column)); }

 private:
  [[nodiscard]] std::string_view at(const char* column) const {
    const auto cell = cells_.find(column);
    if (cell == cells_.end())
      throw std::runtime_error(fmt::format("the list of instances has no column {}", column));
    return cell->second;
  }

  std::string_view text_;
  std::map<std::string, std::string_view, std::less<>> cells_;
};

std::vector<std::string> columns_of_heads(std::string_view heads) {
  std::vector<std::string> columns;
  while (!heads.empty()) columns.emplace_back(cut(heads, ' '));
  return columns;
}

ListedInstance instance_of(const Line& line) {
  ListedInstance instance;
  line.read("id", instance.id);
  line.read("uid", instance.uid);
  line.read("pid", instance.pid);
  line.read("group", instance.group);
  line.read("slots", instance.slots);
  line.read("watches", instance.watches);
  line.read("watchers", instance.watchers);
  line.read("ready", instance.ready);
  line.read("waiting", instance.waiting);
  line.read("close_removes", instance.close_removes);
  line.read("added", instance.added);
  line.read("callbacks", instance.callbacks);
  line.read("wakeups", instance.wakeups);
  line.read("scans", instance.scans);
  line.read("events", instance.events);
  line.read("overflows", instance.overflows);
  line.read("comm", instance.comm);
  return instance;
}

}  // namespace

std::vector<ListedInstance> parse_listed_instances(std::string_view text) {
  const std::vector<std::string> columns = columns_of_heads(cut(text, '\n'));
  std::vector<ListedInstance> instances;
  while (!text.empty()) instances.push_back(instance_of(Line(columns, cut(text, '\n'))));
  return instances;
}

}  // namespace xpoll

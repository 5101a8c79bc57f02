// SPDX-License-Identifier: GPL-2.0-only
// Joins what xpoll-contention ran with what QEMU's plugin counted.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <exception>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "profile/symbols.h"
#include "tools/util/file.h"
#include "tools/util/text_table.h"
#include "window.h"

namespace {

using namespace bench_contention;
using bench_profile::Symbol;
using bench_profile::Symbols;
using nlohmann::json;

constexpr const char* kExamples = R"help(Examples:
  make contention SMP=4
  xpoll-contention-report --counts counts --kallsyms kallsyms --json contention.json rows.json
)help";

constexpr std::size_t kMostSites = 12;

std::string function_at(const Symbols& symbols, std::uint64_t address) {
  if (address < bench_profile::kKernelHalf) return "user space";
  const Symbol* symbol = symbols.find(address);
  return symbol ? symbol->name : "unknown";
}

/// The functions in which another processor took part most often, for each event.
json functions_of(const Window& window, const Symbols& symbols, double events) {
  std::map<std::string, Crossings> by_function;
  for (const auto& [address, crossings] : window.sites) {
    Crossings& sum = by_function[function_at(symbols, address)];
    sum.written += crossings.written;
    sum.read += crossings.read;
  }
  std::vector<std::pair<std::string, Crossings>> sorted(by_function.begin(), by_function.end());
  std::ranges::stable_sort(sorted, std::ranges::greater{}, [](const auto& function) {
    return function.second.written + function.second.read;
  });
  if (sorted.size() > kMostSites) sorted.resize(kMostSites);
  json functions = json::array();
  for (const auto& [name, crossings] : sorted) {
    functions.push_back({{"function", name},
                         {"lines_written", static_cast<double>(crossings.written) / events},
                         {"lines_read", static_cast<double>(crossings.read) / events}});
  }
  return functions;
}

json join(json results, const std::vector<Window>& windows, const Symbols& symbols) {
  json& rows = results.at("rows");
  if (rows.size() != windows.size()) {
    throw std::runtime_error(
        fmt::format("{} rows, but the plugin counted {}", rows.size(), windows.size()));
  }
  for (std::size_t index = 0; index < windows.size(); ++index) {
    const Window& window = windows[index];
    json& row = rows[index];
    const auto events = row.at("events").get<double>();
    row["instructions"] = static_cast<double>(window.instructions) / events;
    row["locked"] = static_cast<double>(window.locked) / events;
    row["lines_written"] = static_cast<double>(window.crossings.written) / events;
    row["lines_read"] = static_cast<double>(window.crossings.read) / events;
    row["functions"] = functions_of(window, symbols, events);
  }
  return results;
}

std::string figure(const json& row, const char* name) {
  return fmt::format("{:.1f}", row.at(name).get<double>());
}

std::string table_of(const json& results) {
  std::vector<std::string> heads{"mode", "instances", "threads"};
  for (const char* what : {"locked", "lines written", "lines read", "instructions"}) {
    heads.push_back(fmt::format("{}, native", what));
    heads.emplace_back("xpoll");
  }
  xpoll::TextTable table(xpoll::columns_of(heads, 2));
  const json& rows = results.at("rows");
  for (std::size_t index = 0; index + 1 < rows.size(); index += 2) {
    const json& native = rows[index];
    const json& ours = rows[index + 1];
    std::vector<std::string> cells{native.at("mode"), native.at("sharing"),
                                   std::to_string(native.at("threads").get<int>())};
    for (const char* what : {"locked", "lines_written", "lines_read", "instructions"}) {
      cells.push_back(figure(native, what));
      cells.push_back(figure(ours, what));
    }
    table.add(std::move(cells));
  }
  return table.markdown();
}

/// Where the processors meet, with the most threads on a shared instance.
std::string functions_table(const json& results) {
  std::string text;
  int most = 0;
  for (const json& row : results.at("rows")) most = std::max(most, row.at("threads").get<int>());
  for (const json& row : results.at("rows")) {
    if (row.at("threads") != most || row.at("sharing") != "shared") continue;
    xpoll::TextTable table(xpoll::columns_of({"function", "lines written", "lines read"}));
    for (const json& function : row.at("functions")) {
      table.add({function.at("function"), figure(function, "lines_written"),
                 figure(function, "lines_read")});
    }
    text +=
        fmt::format("\n{}, one instance, {} threads, {}:\n\n{}", row.at("mode").get<std::string>(),
                    most, row.at("backend").get<std::string>(), table.markdown());
  }
  return text;
}

std::ifstream open(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(fmt::format("cannot read {}", path));
  return file;
}

}  // namespace

int main(int argc, char** argv) {
  std::string counts;
  std::string kallsyms;
  std::string rows;
  std::string out;
  CLI::App app{"Shows how often processors meet for each event, on native epoll and on xpoll."};
  app.footer(kExamples);
  app.add_option("--counts", counts, "Counts that the plugin wrote")->required();
  app.add_option("--kallsyms", kallsyms, "The guest's /proc/kallsyms")->required();
  app.add_option("--json", out, "Write the table and the functions as JSON to this file");
  app.add_option("rows", rows, "The file that xpoll-contention wrote")->required();
  CLI11_PARSE(app, argc, argv);
  try {
    std::ifstream windows = open(counts);
    std::ifstream symbols = open(kallsyms);
    const json results =
        join(json::parse(xpoll::read_file(rows)), read_windows(windows), Symbols(symbols));
    fmt::print("{}, {} processors, for each event:\n\n{}{}",
               results.at("kernel_release").get<std::string>(), results.at("processors").get<int>(),
               table_of(results), functions_table(results));
    if (!out.empty()) xpoll::write_file(out, results.dump(2) + "\n");
    return 0;
  } catch (const std::exception& error) {
    fmt::print(stderr, "xpoll-contention-report: {}\n", error.what());
    return 1;
  }
}

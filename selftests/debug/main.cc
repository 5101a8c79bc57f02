// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "debug/evidence.h"
#include "debug/table.h"
#include "tools/util/file.h"
#include "tools/util/run_program.h"

using namespace xpoll::debug;

namespace {

constexpr const char* kExamples = R"help(Example:
  xpoll-debug-table --dir build/debug 6.1-debug/selftests-1 6.1-kcsan/stress

Prints a row for each run, writes the same to summary.json in that directory, and fails unless all passed.
)help";

int print_table(const std::filesystem::path& directory, const std::vector<std::string>& names) {
  std::vector<Evidence> runs;
  for (const std::string& name : names) runs.push_back(read_evidence(directory / name));
  xpoll::write_file(directory / "summary.json", to_json(runs).dump(2) + "\n");
  fmt::print("\n{}", to_table(runs));
  return exit_status(runs);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Collects the results of 'make check-debug'."};
  app.footer(kExamples);
  std::string directory;
  std::vector<std::string> names;
  app.add_option("--dir", directory, "Directory of the runs")->required()->check(CLI::ExistingPath);
  app.add_option("runs", names, "KERNEL/SUITE of each run, which must have a result")->required();
  CLI11_PARSE(app, argc, argv);
  return xpoll::run_program("xpoll-debug-table", 2, [&] { return print_table(directory, names); });
}

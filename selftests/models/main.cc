// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "models/checks.h"
#include "models/table.h"
#include "models/verifier.h"
#include "tools/util/file.h"
#include "tools/util/process.h"

using namespace xpoll::models;
namespace fs = std::filesystem;

namespace {

constexpr const char* kExamples = R"help(Examples:
  xpoll-model --dir build/model selftests/models/checks.json
  xpoll-model --dir build/model --only wake selftests/models/checks.json
  xpoll-model --dir build/model --only WITHOUT_PASS_ON selftests/models/checks.json
  less build/model/wake/kill/WITHOUT_PASS_ON/trail.txt

Each model must hold unchanged in each of its scenarios. Then each guard is
removed by its switch, and the property that checks.json names must fail.
)help";

struct Options {
  fs::path list;
  fs::path directory;
  std::string only;
};

Result run(const Check& check, const Options& options) {
  const auto start = std::chrono::steady_clock::now();
  Result result{.check = check, .verdict = {}, .seconds = 0};
  result.verdict =
      verify(check, options.list.parent_path() / check.model, options.directory / name_of(check));
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  fmt::print("{} - {}\n", as_expected(result) ? "ok" : "not ok", name_of(check));
  std::fflush(stdout);
  return result;
}

int run_all(const Options& options) {
  for (const char* program : {"spin", "gcc"}) {
    if (!xpoll::have_program(program))
      throw std::runtime_error(fmt::format("no {} here; \"make setup\" installs it", program));
  }
  std::vector<Result> results;
  for (const Check& check : read_checks(nlohmann::json::parse(xpoll::read_file(options.list))))
    if (name_of(check).find(options.only) != std::string::npos)
      results.push_back(run(check, options));

  xpoll::write_file(options.directory / "model.json", to_json(results).dump(2) + "\n");
  const auto surprises =
      std::ranges::count_if(results, [](const Result& result) { return !as_expected(result); });
  fmt::print("\n{}\n{} checks, {} not as expected\n", to_table(results), results.size(), surprises);
  return surprises == 0 && !results.empty() ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  CLI::App app{"Verifies the models of xpoll's protocols with spin."};
  app.footer(kExamples);
  app.add_option("list", options.list, "The list of checks, in the directory of the models")
      ->required()
      ->check(CLI::ExistingFile);
  app.add_option("--dir", options.directory, "Directory for verifiers, trails and model.json")
      ->required();
  app.add_option("--only", options.only, "Checks whose name contains this");
  try {
    app.parse(argc, argv);
    return run_all(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "xpoll-model: {}\n", error.what());
    return 1;
  }
}

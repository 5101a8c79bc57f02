// SPDX-License-Identifier: GPL-2.0-only
#include "models/verifier.h"

#include <fcntl.h>
#include <fmt/format.h>

#include <regex>
#include <stdexcept>

#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::models {

namespace fs = std::filesystem;

namespace {

/** The memory limit of a verifier. A search that exceeds it is an error. */
constexpr const char* kMegabytes = "900";
constexpr const char* kDepth = "1000000";

ChildSetup inside(const fs::path& directory) {
  ChildSetup setup;
  setup.cwd = directory;
  return setup;
}

std::vector<std::string> defines_of(const Check& check) {
  std::vector<std::string> options;
  for (const std::string& define : check.defines) options.push_back("-D" + define);
  return options;
}

std::string first_match(const std::string& text, const std::string& pattern) {
  std::smatch match;
  return std::regex_search(text, match, std::regex{pattern}) ? match[1].str() : "";
}

/** spin exits with 0 after many errors, but prints a line like this for each. */
void run_spin(const Argv& argv, const fs::path& directory) {
  const std::string output = capture(argv, inside(directory));
  if (output.find("Error:") != std::string::npos) throw std::runtime_error(output);
}

void write_trail(const Check& check, const fs::path& directory) {
  Argv argv{"spin", "-t", "-p", "-g"};
  for (const std::string& define : defines_of(check)) argv.push_back(define);
  argv.emplace_back("model.pml");
  const unique_fd output = open_file(directory / "trail.txt", O_WRONLY | O_CREAT | O_TRUNC);
  ChildSetup setup = inside(directory);
  setup.out = output.get();
  /* the exit status is that of the assertion that fails at the end */
  run_status(argv, setup);
}

}  // namespace

Verdict parse_verdict(std::string_view output) {
  const std::string text{output};
  const std::string errors = first_match(text, R"(errors: (\d+))");
  const std::string states = first_match(text, R"((\d+) states, stored)");
  const bool cut_short = text.find("Search not completed") != std::string::npos ||
                         text.find("max search depth too small") != std::string::npos;
  /* a search that finds an error stops there, so it is incomplete too */
  if (errors.empty() || states.empty() || (cut_short && errors == "0"))
    throw std::runtime_error("no verdict:\n" + text);
  Verdict verdict;
  verdict.states = std::stoull(states);
  verdict.found = kHolds;
  if (errors == "0") return verdict;
  verdict.found = first_match(text, R"(assertion violated .*\|\|([a-z_]+)\))");
  if (text.find(": invalid end state (") != std::string::npos) verdict.found = "deadlock";
  if (verdict.found.empty()) throw std::runtime_error("an error outside the properties:\n" + text);
  return verdict;
}

Verdict verify(const Check& check, const fs::path& model, const fs::path& directory) {
  fs::create_directories(directory);
  fs::copy_file(model, directory / "model.pml", fs::copy_options::overwrite_existing);
  Argv spin{"spin", "-a"};
  for (const std::string& define : defines_of(check)) spin.push_back(define);
  spin.emplace_back("model.pml");
  run_spin(spin, directory);
  run_checked({"gcc", "-w", "-DSAFETY", "-DCOLLAPSE", "-DNOFAIR",
               std::string{"-DMEMLIM="} + kMegabytes, "-o", "pan", "pan.c"},
              inside(directory));
  /* pan exits with 0 whatever it finds */
  const std::string output = capture({"./pan", std::string{"-m"} + kDepth}, inside(directory));
  write_file(directory / "pan.txt", output);
  const Verdict verdict = parse_verdict(output);
  if (verdict.found != kHolds) write_trail(check, directory);
  return verdict;
}

}  // namespace xpoll::models

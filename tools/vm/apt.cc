// SPDX-License-Identifier: GPL-2.0-only
#include "apt.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <sstream>
#include <stdexcept>

#include "cache.h"
#include "progress.h"
#include "suite.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

namespace {

/** `program` with the suite's lists, and these arguments. */
Argv apt_command(const char* program, const std::string& suite, const Argv& arguments) {
  Argv argv{program};
  const Argv options = apt_options(suite);
  argv.insert(argv.end(), options.begin(), options.end());
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

std::vector<std::string> dependency_names(std::string_view field) {
  std::vector<std::string> names;
  std::istringstream clauses{std::string{field}};
  for (std::string clause; std::getline(clauses, clause, ',');) {
    const auto begin = clause.find_first_not_of(' ');
    if (begin == std::string::npos) continue;
    const auto end = clause.find_first_of(" (|:", begin);
    names.push_back(clause.substr(begin, end - begin));
  }
  return names;
}

/** The package's file, which names an architecture, or "all" if it is for any. */
fs::path find_deb(const fs::path& directory, const Package& package) {
  std::string version = package.version;
  if (const auto colon = version.find(':'); colon != std::string::npos) {
    version.replace(colon, 1, "%3a");  // apt-get encodes the colon of an epoch
  }
  for (const std::string_view architecture :
       {debian_name(architecture_of(package.suite)), "all"sv}) {
    fs::path file = directory / fmt::format("{}_{}_{}.deb", package.name, version, architecture);
    if (fs::exists(file)) return file;
  }
  return {};
}

/** The part of the package's file that apt-get has written so far. */
std::string downloaded(const fs::path& directory, uint64_t size) {
  constexpr double kMegabyte = 1e6;
  std::error_code none;  // ignored: apt-get may have just renamed a file, which the next call
                         // counts
  uint64_t bytes = 0;
  for (fs::directory_iterator file{directory, none}; file != fs::directory_iterator{};
       file.increment(none)) {
    if (const auto length = file->file_size(none); !none) bytes += length;
  }
  const std::string whole =
      size == 0 ? "" : fmt::format(" of {:.1f}", static_cast<double>(size) / kMegabyte);
  return fmt::format("{:.1f}{} MB", static_cast<double>(bytes) / kMegabyte, whole);
}

}  // namespace

Package parse_stanza(std::string_view stanza) {
  Package package;
  std::istringstream lines{std::string{stanza}};
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) break;
    const auto colon = line.find(": ");
    if (colon == std::string::npos) continue;
    const std::string field = line.substr(0, colon);
    const std::string value = line.substr(colon + 2);
    if (field == "Package") package.name = value;
    if (field == "Version") package.version = value;
    if (field == "Depends") package.depends = dependency_names(value);
    if (field == "Size") package.size = std::stoull(value);
  }
  return package;
}

Package resolve(const std::string& name, const std::string& suite) {
  std::string stanza;
  try {
    stanza = capture(apt_command("apt-cache", suite, {"show", "--no-all-versions", name}));
  } catch (const std::runtime_error&) {
    if (!suite.empty()) throw std::runtime_error(fmt::format("{} has no package {}", suite, name));
    throw std::runtime_error(fmt::format(
        "apt knows no package {}: the package lists are missing or the suite (bookworm, "
        "bookworm-security) is not enabled; try 'packaging/setup' or 'apt-get update'",
        name));
  }
  Package package = parse_stanza(stanza);
  package.suite = suite;
  if (package.name != name || package.version.empty()) {
    throw std::runtime_error(fmt::format("apt-cache show {} gave no version", name));
  }
  return package;
}

std::vector<Package> resolve_dependencies(const Package& metapackage,
                                          const std::vector<std::string_view>& prefixes) {
  std::vector<Package> dependencies;
  std::deque<Package> open{metapackage};
  while (!open.empty()) {
    const Package package = open.front();
    open.pop_front();
    for (const std::string& dependency : package.depends) {
      const auto wanted = [&](std::string_view prefix) { return dependency.starts_with(prefix); };
      if (std::ranges::none_of(prefixes, wanted)) continue;
      if (std::ranges::count(dependencies, dependency, &Package::name) != 0) continue;
      dependencies.push_back(resolve(dependency, metapackage.suite));
      open.push_back(dependencies.back());
    }
  }
  return dependencies;
}

void throw_download_failure(const std::string& complaint) {
  const auto says = [&](std::string_view words) {
    return complaint.find(words) != std::string::npos;
  };
  if (says("404") || says("Hash Sum mismatch")) {
    throw std::runtime_error(complaint +
                             "the package lists are older than the archive: run 'apt-get update'");
  }
  if (says("failure resolving") || says("not resolve") || says("onnect")) {
    throw ArchiveUnreachable(complaint +
                             "this machine does not reach the Debian archive: check the network "
                             "and apt's proxy setting");
  }
  throw std::runtime_error(complaint);
}

fs::path download(const Package& package) {
  const fs::path store = cache_root() / "deb";
  fs::create_directories(store);
  if (fs::path present = find_deb(store, package); !present.empty()) return present;

  const Staging staging{package.name};
  Progress progress{fmt::format("downloading {} {}", package.name, package.version),
                    [&] { return downloaded(staging.path(), package.size); }};
  ChildSetup setup;
  setup.cwd = staging.path();
  try {
    // As root, apt would warn that its sandbox user can't write to the directory.
    run_checked(apt_command("apt-get", package.suite,
                            {"-q", "-o", "APT::Sandbox::User=root", "download",
                             fmt::format("{}={}", package.name, package.version)}),
                setup);
  } catch (const DiskFull&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw_download_failure(error.what());
  }
  const fs::path fresh = find_deb(staging.path(), package);
  if (fresh.empty()) {
    throw std::runtime_error(fmt::format("apt-get download left no file of {}", package.name));
  }
  fs::rename(fresh, store / fresh.filename());
  progress.done();
  return store / fresh.filename();
}

void unpack(const Package& package, const fs::path& root) {
  run_checked({"dpkg-deb", "--extract", download(package).string(), root.string()});
}

}  // namespace xpoll::vm

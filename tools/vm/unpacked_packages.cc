// SPDX-License-Identifier: GPL-2.0-only
#include "unpacked_packages.h"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <stdexcept>

#include "cache.h"
#include "fnv.h"
#include "links.h"
#include "progress.h"
#include "suite.h"
#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

std::string simulate_installation(const std::vector<std::string>& names, const std::string& suite) {
  Argv argv{"apt-get"};
  const Argv options = apt_options(suite);
  argv.insert(argv.end(), options.begin(), options.end());
  argv.insert(argv.end(), {"--simulate", "--no-install-recommends", "install"});
  argv.insert(argv.end(), names.begin(), names.end());
  try {
    return capture(argv);
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(fmt::format(
        "apt can't resolve these packages: {}If it knows no such package, its lists are "
        "missing or old: try 'packaging/setup' or 'apt-get update'. 'apt-get check' lists "
        "broken packages of this host",
        error.what()));
  }
}

/** The named packages, installed or not, and their dependencies that the host lacks, by name. */
std::vector<Package> find_all(const std::vector<std::string>& names, const std::string& suite) {
  std::vector<Package> packages = parse_simulation(simulate_installation(names, suite));
  for (const std::string& name : names) {
    if (std::ranges::count(packages, name, &Package::name) == 0)
      packages.push_back(resolve(name, suite));
  }
  for (Package& package : packages) package.suite = suite;
  std::ranges::sort(packages, {}, &Package::name);
  return packages;
}

std::string list(const std::vector<Package>& packages) {
  std::string text;
  for (const Package& package : packages) {
    const Architecture architecture = architecture_of(package.suite);
    text += package.name;
    if (architecture != Architecture::kAmd64) text += fmt::format(":{}", debian_name(architecture));
    text += fmt::format(" {}\n", package.version);
  }
  return text;
}

/** The directory of these packages in the cache. */
class Contents {
 public:
  explicit Contents(const std::vector<Package>& packages)
      : packages_{packages},
        list_{list(packages)},
        directory_{cache_root() / "packages" / fmt::format("{:08x}", fnv1a_32(list_))} {}

  [[nodiscard]] fs::path root() const { return directory_ / "root"; }

  [[nodiscard]] bool present() const {
    const fs::path marker = directory_ / kMarker;
    return fs::exists(marker) && read_file(marker) == list_;
  }

  /** Unpacks them if they are not there. The caller holds the cache lock. */
  [[nodiscard]] fs::path make() const {
    if (present()) return root();
    Staging staging{"packages"};
    fs::create_directory(staging.path() / "root");
    for (const Package& package : packages_) download(package);
    Progress progress{fmt::format("unpacking {} packages", packages_.size())};
    for (const Package& package : packages_) unpack(package, staging.path() / "root");
    make_links_relative(staging.path() / "root");
    progress.done();
    write_file(staging.path() / kMarker, list_);
    staging.publish(directory_);
    return root();
  }

 private:
  static constexpr const char* kMarker = "packages.txt";

  std::vector<Package> packages_;
  std::string list_;
  fs::path directory_;
};

}  // namespace

std::vector<Package> parse_simulation(std::string_view output) {
  std::vector<Package> packages;
  std::istringstream lines{std::string{output}};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    Package package;
    std::string verb;
    words >> verb >> package.name;
    if (verb != "Inst") continue;
    // Format: "Inst NAME [OLD] (NEW suite [arch])", where OLD is the installed version.
    const auto open = line.find('(');
    if (open == std::string::npos) continue;
    package.version = line.substr(open + 1, line.find(' ', open) - open - 1);
    packages.push_back(package);
  }
  return packages;
}

fs::path unpacked_packages(const std::vector<std::string>& names) {
  const Contents contents{find_all(names, "")};
  if (contents.present()) return contents.root();
  const CacheLock lock;
  return contents.make();
}

fs::path unpacked_suite(const std::vector<std::string>& names, const std::string& suite) {
  return Contents{find_all(names, suite)}.make();
}

}  // namespace xpoll::vm

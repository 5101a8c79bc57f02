// SPDX-License-Identifier: GPL-2.0-only
#include "suite.h"

#include <fmt/format.h>

#include <filesystem>
#include <stdexcept>

#include "apt.h"
#include "cache.h"
#include "progress.h"
#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kBackports = "-backports";

constexpr std::string_view kArm64 = ":arm64";

fs::path state_directory(std::string_view suite) { return cache_root() / "apt" / suite; }

std::string stanza(std::string_view archive, std::string_view suites) {
  return fmt::format(
      "Types: deb\nURIs: http://deb.debian.org/{}\nSuites: {}\nComponents: main\n"
      "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n",
      archive, suites);
}

void make_state(std::string_view suite) {
  const fs::path state = state_directory(suite);
  fs::create_directories(state / "lists" / "partial");
  fs::create_directories(state / "cache" / "archives" / "partial");
  write_file(state / "status", "");  // nothing is installed
  write_file(state / "suite.sources", suite_sources(suite));
}

}  // namespace

Architecture architecture_of(std::string_view suite) {
  return suite.ends_with(kArm64) ? Architecture::kArm64 : Architecture::kAmd64;
}

std::string_view without_architecture(std::string_view suite) {
  return suite.substr(0, suite.size() - (suite.ends_with(kArm64) ? kArm64.size() : 0));
}

std::string suite_sources(std::string_view suite) {
  suite = without_architecture(suite);
  if (suite == "sid") return stanza("debian", suite);  // it has no updates of its own
  const bool backports = suite.ends_with(kBackports);
  const auto release = suite.substr(0, suite.size() - (backports ? kBackports.size() : 0));
  return stanza("debian", fmt::format("{0} {0}-updates{1}", release,
                                      backports ? fmt::format(" {}", suite) : "")) +
         "\n" + stanza("debian-security", fmt::format("{}-security", release));
}

Argv apt_options(std::string_view suite) {
  if (suite.empty()) return {};
  const std::string state = state_directory(suite).string();
  const std::string_view architecture = debian_name(architecture_of(suite));
  Argv argv;
  for (const std::string& option :
       {fmt::format("Dir::Etc::SourceList={}/suite.sources", state),
        std::string{"Dir::Etc::SourceParts=-"}, std::string{"Dir::Etc::Preferences=-"},
        std::string{"Dir::Etc::PreferencesParts=-"},
        fmt::format("Dir::State::Lists={}/lists", state),
        fmt::format("Dir::State::Status={}/status", state),
        fmt::format("Dir::Cache={}/cache", state),
        fmt::format("APT::Architecture={}", architecture),
        fmt::format("APT::Architectures={}", architecture), std::string{"APT::Sandbox::User=root"},
        std::string{"Acquire::Languages=none"}}) {
    argv.emplace_back("-o");
    argv.push_back(option);
  }
  // By default apt prefers the release to its backports, whatever their versions.
  const std::string_view release = without_architecture(suite);
  if (release.ends_with(kBackports)) {
    argv.insert(argv.end(), {"-o", fmt::format("APT::Default-Release={}", release)});
  }
  return argv;
}

void update_lists(std::string_view suite) {
  if (suite.empty()) return;
  make_state(suite);
  Progress progress{fmt::format("getting the package lists of {}", suite)};
  Argv argv{"apt-get", "-q"};
  const Argv options = apt_options(suite);
  argv.insert(argv.end(), options.begin(), options.end());
  // A list that can't be fetched is an error: by default it is a warning, and an old one is used.
  argv.insert(argv.end(), {"-o", "APT::Update::Error-Mode=any", "update"});
  try {
    run_checked(argv);
  } catch (const DiskFull&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw_download_failure(error.what());
  }
  progress.done();
}

}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#include "prepared_kernel.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <unistd.h>

#include <ctime>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "apt.h"
#include "cache.h"
#include "guest_root.h"
#include "kernel_config.h"
#include "kernel_entry.h"
#include "suite.h"
#include "tools/util/file.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

// Argument-dependent lookup must find it, so it is not in the unnamed namespace.
NLOHMANN_JSON_SERIALIZE_ENUM(Share, {{Share::k9p, "9p"}, {Share::kVirtiofs, "virtiofs"}})

namespace {

constexpr const char* kPassed = "passed";

/** A suffix of the version, so that another configuration of a built kernel, or another root of its
 * guests, gets another cache entry. */
std::string config_suffix(const Kernel& kernel) {
  const std::string key = kernel.is_stock() ? guest_root_key(kernel.architecture())
                                            : config_of_profile(kernel.profile).key();
  return key.empty() ? "" : "-" + key;
}

fs::path kernel_directory(const Kernel& kernel) { return cache_root() / "kernels" / kernel.name; }

PreparedKernel load(const Kernel& kernel, const fs::path& directory) {
  const auto json = nlohmann::json::parse(read_file(directory / "kernel.json"));
  PreparedKernel prepared;
  prepared.name = kernel.name;
  prepared.version = directory.filename();
  prepared.release = json.at("release").get<std::string>();
  prepared.share = json.at("share").get<Share>();
  prepared.architecture = kernel.architecture();
  if (json.contains("root")) prepared.root = json.at("root").get<std::string>();
  prepared.directory = directory;
  return prepared;
}

std::optional<PreparedKernel> load_current(const Kernel& kernel) {
  const fs::path link = kernel_directory(kernel) / "current";
  if (!fs::exists(link / "kernel.json")) return std::nullopt;
  const std::string version = fs::read_symlink(link).filename();
  if (!version.ends_with(config_suffix(kernel))) return std::nullopt;
  return load(kernel, kernel_directory(kernel) / version);
}

void write_info(const EntryInfo& info, const fs::path& directory) {
  nlohmann::json json{{"release", info.release}, {"share", info.share}};
  if (!info.root.empty()) json["root"] = info.root.string();
  write_file(directory / "kernel.json", json.dump(2) + "\n");
}

void build_entry(const Kernel& kernel, const Package& package, const fs::path& target) {
  Staging staging{std::string{kernel.name}};
  if (kernel.is_stock()) {
    write_info(build_stock_entry(kernel, package, staging.path()), staging.path());
  } else {
    write_info(build_debug_entry(kernel, package, staging.path()), staging.path());
  }
  staging.publish(target);
}

PreparedKernel refresh_locked(const Kernel& kernel) {
  const std::string suite{kernel.suite};
  update_lists(suite);
  if (kernel.architecture() != Architecture::kAmd64) update_lists(without_architecture(suite));
  const Package package =
      resolve(std::string{kernel.is_stock() ? kernel.image : kernel.source}, suite);
  const std::string version = package.version + config_suffix(kernel);
  const fs::path target = kernel_directory(kernel) / version;
  if (!fs::exists(target / "kernel.json")) build_entry(kernel, package, target);
  replace_symlink(version, kernel_directory(kernel) / "current");
  return load(kernel, target);
}

}  // namespace

fs::path PreparedKernel::image() const {
  // With the PVH entry, a KASAN kernel accesses its shadow memory before that is mapped. A kernel
  // built here therefore starts through its decompressor.
  if (architecture == Architecture::kArm64) return directory / "Image";
  const fs::path compressed = directory / "bzImage";
  return fs::exists(compressed) ? compressed : directory / "vmlinux";
}

PreparedKernel refresh(const Kernel& kernel) {
  const CacheLock lock;
  return refresh_locked(kernel);
}

std::optional<std::string> cached_version(const Kernel& kernel) {
  const auto current = load_current(kernel);
  return current ? std::optional{current->version} : std::nullopt;
}

void note_passed(const PreparedKernel& kernel) {
  // Runs may end at the same moment, so each has a file of its own until it is complete.
  const fs::path fresh = kernel.directory / fmt::format("passed.{}", ::getpid());
  write_file(fresh, fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::time(nullptr))));
  fs::rename(fresh, kernel.directory / kPassed);
}

std::optional<std::string> passed_on(const Kernel& kernel) {
  const auto current = load_current(kernel);
  if (!current || !fs::exists(current->directory / kPassed)) return std::nullopt;
  return read_file(current->directory / kPassed);
}

PreparedKernel prepare(const Kernel& kernel) {
  if (auto current = load_current(kernel)) return *current;
  const CacheLock lock;
  // Another process may have prepared it while this one waited for the lock.
  if (auto current = load_current(kernel)) return *current;
  return refresh_locked(kernel);
}

}  // namespace xpoll::vm

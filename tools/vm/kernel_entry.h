// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apt.h"
#include "kernel_table.h"
#include "prepared_kernel.h"
#include "toolchain.h"

/** The functions from which prepared_kernel.cc builds a cache entry. */
namespace xpoll::vm {

/** The content of a finished entry's kernel.json. */
struct EntryInfo {
  std::string release;
  Share share = Share::k9p;
  std::filesystem::path root = {};  // of the guest, empty if it is the host's
};

/** Unpacks the packages of a stock kernel, which the metapackage `image` depends on. */
EntryInfo build_stock_entry(const Kernel& kernel, const Package& image,
                            const std::filesystem::path& directory);

/** Builds a debug kernel from its source package into the directory. */
EntryInfo build_debug_entry(const Kernel& kernel, const Package& source,
                            const std::filesystem::path& directory);

/** The packages of a stock kernel's headers. */
std::vector<Package> header_packages(const Kernel& kernel);

/** The toolchain that these depend on, or none if they are of the host's suite. */
std::optional<Toolchain> toolchain_for(const std::vector<Package>& headers);

/** Unpacks these and makes `directory`/build a link to the build directory, which uses the
 * toolchain. */
void unpack_headers(const std::vector<Package>& packages, const std::string& release,
                    const std::optional<Toolchain>& toolchain,
                    const std::filesystem::path& directory);

/** Makes a kernel's Makefile find `source` beside it by a relative path, so both can be moved.
 * `before` comes first in it. */
void include_relative(const std::filesystem::path& makefile, const std::string& source,
                      const std::string& before = "");

/** Packs the drivers that the guest loads before it can mount its root. */
void write_drivers(const std::filesystem::path& module_root, const std::string& release,
                   Share share, const std::filesystem::path& archive);

}  // namespace xpoll::vm

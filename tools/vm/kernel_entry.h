// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "apt.h"
#include "kernel_table.h"
#include "prepared_kernel.h"

/** The parts from which prepared_kernel.cc puts together an entry of the cache. */
namespace xpoll::vm {

/** What a finished entry says about itself, in its kernel.json. */
struct EntryInfo {
  std::string release;
  Share share = Share::k9p;
};

/** Unpacks a stock kernel's packages, those that the metapackage `image` leads to. */
EntryInfo build_stock_entry(const Kernel& kernel, const Package& image,
                            const std::filesystem::path& directory);

/** Builds a debug kernel from its source package into the directory. */
EntryInfo build_debug_entry(const Kernel& kernel, const Package& source,
                            const std::filesystem::path& directory);

/** The packages that a stock kernel's headers are in. */
std::vector<Package> header_packages(const Kernel& kernel);

/** Unpacks these and makes `directory`/build name the build directory. */
void unpack_headers(const std::vector<Package>& packages, const std::string& release,
                    const std::filesystem::path& directory);

/** Lets a kernel's Makefile find `source` beside it, wherever both are moved. */
void include_relative(const std::filesystem::path& makefile, const std::string& source);

/** Writes the drivers that the guest loads before it can reach its root. */
void write_drivers(const std::filesystem::path& module_root, const std::string& release,
                   Share share, const std::filesystem::path& archive);

}  // namespace xpoll::vm

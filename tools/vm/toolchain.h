// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "architecture.h"

namespace xpoll::vm {

/** What modules for a kernel of another suite are built with. */
struct Toolchain {
  Architecture target = Architecture::kAmd64;
  std::filesystem::path root;      // the unpacked packages
  std::filesystem::path programs;  // links to its programs, for PATH
};

/**
 * The compiler, binutils and pahole of the suite, ready to run on this host: a script in place of
 * each program runs it by the suite's own dynamic loader and libraries. They compile for the
 * suite's architecture. `compiler` is a package, gcc-14 for example. The caller must hold the
 * cache lock.
 */
Toolchain prepare_toolchain(const std::string& compiler, const std::string& suite);

/**
 * The root of unpacked packages of the suite, with such a script in place of each program in
 * usr/bin.
 */
std::filesystem::path prepare_programs(const std::vector<std::string>& packages,
                                       const std::string& suite);

/** Puts such a script in place of each program below the directory, which may be moved later. */
void wrap_programs(const std::filesystem::path& directory, const Toolchain& toolchain);

}  // namespace xpoll::vm

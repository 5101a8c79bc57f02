// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "kernel_table.h"

namespace xpoll::vm {

/** How the guest accesses the host's files. Debian's cloud kernels have no 9p. */
enum class Share { k9p, kVirtiofs };

/** A kernel in the cache, ready to boot and to build modules for. */
struct PreparedKernel {
  std::string name;
  std::string version;  // version of the Debian package
  std::string release;  // release, as uname -r prints it
  Architecture architecture = Architecture::kAmd64;
  Share share = Share::k9p;
  std::filesystem::path directory;
  std::filesystem::path root;  // the guest's root on this host (guest_root.h), or empty: the host's

  /** The file that QEMU boots. */
  [[nodiscard]] std::filesystem::path image() const;
  /** A cpio archive of the drivers that the guest needs to mount its root. */
  [[nodiscard]] std::filesystem::path drivers() const { return directory / "drivers.cpio"; }
  /** Build directory for out-of-tree modules. */
  [[nodiscard]] std::filesystem::path build_directory() const { return directory / "build"; }
  /** The stock modules, or a path that does not exist. */
  [[nodiscard]] std::filesystem::path modules() const {
    return directory / "lib" / "modules" / release;
  }
};

/** The version in the cache that prepare() would return, if there is one. */
std::optional<std::string> cached_version(const Kernel& kernel);

/** Notes that a guest with a module passed on this kernel now. */
void note_passed(const PreparedKernel& kernel);

/** The day of the last note for the version in the cache, as YYYY-MM-DD, if there is one. */
std::optional<std::string> passed_on(const Kernel& kernel);

/** Returns any cached version, or else the result of refresh(). */
PreparedKernel prepare(const Kernel& kernel);

/** Returns the version that apt offers now. Fetches or builds it if it is not cached. */
PreparedKernel refresh(const Kernel& kernel);

}  // namespace xpoll::vm

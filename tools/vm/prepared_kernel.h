// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>

#include "kernel_table.h"

namespace xpoll::vm {

/** How the guest reaches the host's files; Debian's cloud kernels have no 9p. */
enum class Share { k9p, kVirtiofs };

/** A kernel in the cache, ready to boot and to build modules for. */
struct PreparedKernel {
  std::string name;
  std::string version;  // of the Debian package
  std::string release;  // what uname -r says
  Share share = Share::k9p;
  std::filesystem::path directory;

  /** What QEMU boots. */
  [[nodiscard]] std::filesystem::path image() const;
  /** The drivers the guest needs to reach its root, as a cpio archive. */
  [[nodiscard]] std::filesystem::path drivers() const { return directory / "drivers.cpio"; }
  /** Build directory for out-of-tree modules. */
  [[nodiscard]] std::filesystem::path build_directory() const { return directory / "build"; }
  /** The stock modules, or a path that does not exist. */
  [[nodiscard]] std::filesystem::path modules() const {
    return directory / "lib" / "modules" / release;
  }
};

/** From the cache if any version is there; else as refresh(). */
PreparedKernel prepare(const Kernel& kernel);

/** The version that apt offers now; fetched or built if the cache has not got it. */
PreparedKernel refresh(const Kernel& kernel);

}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <memory>

#include "tools/util/process.h"

namespace xpoll::vm {

/** Starts a virtiofsd that offers `directory` on `socket`; it ends with the returned object. */
std::unique_ptr<Child> serve_virtiofs(const std::filesystem::path& directory,
                                      const std::filesystem::path& socket, bool writable);

}  // namespace xpoll::vm

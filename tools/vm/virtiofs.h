// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <memory>

#include "tools/util/process.h"

namespace xpoll::vm {

/** Starts a virtiofsd that shares `directory` through `socket`. Destroying the result ends it. */
std::unique_ptr<Child> serve_virtiofs(const std::filesystem::path& directory,
                                      const std::filesystem::path& socket, bool writable);

}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>

#include "architecture.h"

namespace xpoll::vm {

/**
 * The root of guests with another architecture than the host's: a directory in the cache with
 * Debian 12's packages of programs that tests run, and of the headers and libraries that they are
 * built with. Empty for the host's architecture, whose guests have the host's root. The caller
 * must hold the cache lock.
 */
std::filesystem::path guest_root(Architecture architecture);

/** Tells roots of different packages apart; empty for the host's. */
std::string guest_root_key(Architecture architecture);

}  // namespace xpoll::vm

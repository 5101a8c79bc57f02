// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>

#include "device.h"

namespace run {

/// Throws Failure if it is not there.
std::filesystem::path preload_library();

/// Adds the library to the environment, after those that are to be preloaded already.
void preload(const std::filesystem::path& library);

/// The settings that the library reads.
void set_fallback(bool fallback);
void set_io_uring(bool io_uring);
void set_ring_refusals(const std::string& name);
void set_group(const Group& group);

}  // namespace run

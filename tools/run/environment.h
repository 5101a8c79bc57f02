// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>

#include "device.h"

namespace run {

/// Throws Failure if the library is missing.
std::filesystem::path preload_library();

/// Whether LD_PRELOAD has the library already, because another xpoll-run started this one.
bool is_preloaded();

/// Appends the library to LD_PRELOAD.
void preload(const std::filesystem::path& library);

/// These set environment variables that the library reads.
void set_fallback(bool fallback);
void set_io_uring(bool io_uring);
void set_close_removes(bool close_removes);
void set_ring_refusals(const std::string& name);
void set_group(const Group& group);

}  // namespace run

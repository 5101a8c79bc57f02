// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace run {

/// That of libxpoll, with which the build writes it.
extern const char* const version;

}  // namespace run

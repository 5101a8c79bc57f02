// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <initializer_list>
#include <optional>
#include <xpoll/unique_fd.hpp>

namespace probes {

/// Blocks the signals and returns a non-blocking signalfd(2) for them. Call it before any thread
/// starts.
xpoll::unique_fd descriptor_of(std::initializer_list<int> signals);

/// A signal that has arrived, if any.
std::optional<int> take_signal(int descriptor);

}  // namespace probes

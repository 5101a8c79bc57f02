// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <initializer_list>
#include <optional>
#include <xpoll/unique_fd.hpp>

namespace probes {

/// The signals as a descriptor of signalfd(2), reads of which do not block. They do
/// nothing else any more. To be made before any thread.
xpoll::unique_fd descriptor_of(std::initializer_list<int> signals);

/// One that came, if there is one.
std::optional<int> take_signal(int descriptor);

}  // namespace probes

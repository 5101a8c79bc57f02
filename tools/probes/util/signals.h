// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <initializer_list>
#include <optional>

#include "tools/util/unique_fd.h"

namespace probes {

/// The signals as a descriptor of signalfd(2), reads of which do not block. They do
/// nothing else any more. To be made before any thread.
xpoll::UniqueFd descriptor_of(std::initializer_list<int> signals);

/// One that came, if there is one.
std::optional<int> take_signal(int descriptor);

}  // namespace probes

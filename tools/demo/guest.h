// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "plan.h"

namespace demo {

/// Boots the guest, and has both servers run in it and be visited from it and from the host.
/// Returns the runner's exit status; it has then said itself what went wrong.
int run_guest(const Plan& plan);

}  // namespace demo

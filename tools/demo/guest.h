// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include "plan.h"

namespace demo {

/// Boots the guest and runs both servers in it, with clients in the guest and on the host. Returns
/// the runner's exit status; the runner has already printed the reason of a failure.
int run_guest(const Plan& plan);

}  // namespace demo

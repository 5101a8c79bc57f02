// SPDX-License-Identifier: GPL-2.0-only
#include "embedded.h"

namespace xpoll::vm::embedded {

const std::string_view guest_init =
#include "guest/init.inc"
    ;

const std::string_view guest_session =
#include "guest/session.inc"
    ;

const std::string_view debug_config =
#include "debug.config.inc"
    ;

}  // namespace xpoll::vm::embedded

// SPDX-License-Identifier: GPL-2.0-only
#include "embedded.h"

namespace xpoll::vm::embedded {

const std::string_view guest_init =
#include "guest/init.inc"
    ;

const std::string_view guest_session =
#include "guest/session.inc"
    ;

const std::string_view base_config =
#include "base.config.inc"
    ;

const std::string_view preempt_config =
#include "preempt.config.inc"
    ;

const std::string_view rt_config =
#include "rt.config.inc"
    ;

const std::string_view locking_config =
#include "locking.config.inc"
    ;

const std::string_view memory_config =
#include "memory.config.inc"
    ;

const std::string_view faults_config =
#include "faults.config.inc"
    ;

const std::string_view kcov_config =
#include "kcov.config.inc"
    ;

const std::string_view kcsan_config =
#include "kcsan.config.inc"
    ;

const std::string_view kmsan_config =
#include "kmsan.config.inc"
    ;

const std::string_view gcov_config =
#include "gcov.config.inc"
    ;

}  // namespace xpoll::vm::embedded

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string_view>

/** Files of this directory, compiled into the runner (see rules.mk). */
namespace xpoll::vm::embedded {

extern const std::string_view guest_init;
extern const std::string_view guest_session;
extern const std::string_view base_config;
extern const std::string_view preempt_config;
extern const std::string_view rt_config;
extern const std::string_view locking_config;
extern const std::string_view memory_config;
extern const std::string_view faults_config;
extern const std::string_view kcov_config;
extern const std::string_view kcsan_config;
extern const std::string_view kmsan_config;
extern const std::string_view gcov_config;

}  // namespace xpoll::vm::embedded

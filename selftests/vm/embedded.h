// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <string_view>

/** Files of this directory that are compiled into the runner (see rules.mk). */
namespace xpoll::vm::embedded {

extern const std::string_view guest_init;
extern const std::string_view guest_session;
extern const std::string_view debug_config;

}  // namespace xpoll::vm::embedded

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace top {

/// By what a function can be probed.
enum class FunctionProbe { kFentry, kKprobe, kNone };

/// How can this function of a module be probed?
FunctionProbe probe_for(const char* module, const char* function);

}  // namespace top

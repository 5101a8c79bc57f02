// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace top {

/// The types of probe for a function.
enum class FunctionProbe { kFentry, kKprobe, kNone };

/// The type of probe that this kernel offers for a module's function.
FunctionProbe probe_for(const char* module, const char* function);

}  // namespace top

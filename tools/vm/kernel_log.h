// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace xpoll::vm {

/** How bad a line of the kernel's log is; the later, the worse. */
enum class Severity { kComplaint, kLeak, kCrash };

/** The worst that a kernel log tells. */
struct Finding {
  Severity severity = Severity::kComplaint;
  std::string line;     // the telling one
  std::string excerpt;  // the first complaint and what follows it
};

/** Nothing if the log is clean. */
std::optional<Finding> judge_kernel_log(std::string_view log);

/**
 * Whether this is the crash that emulation causes now and then while the kernel patches its own
 * text at boot: an int3 trap in sched_clock.
 */
bool is_text_patching_crash(std::string_view log);

/** The last lines of a log. */
std::string tail(std::string_view log, size_t lines);

}  // namespace xpoll::vm

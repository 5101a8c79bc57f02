// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace xpoll::vm {

/** Severity of a line of the kernel log, in ascending order. */
enum class Severity { kComplaint, kLeak, kCrash };

/** The worst finding in a kernel log. */
struct Finding {
  Severity severity = Severity::kComplaint;
  std::string line;     // the line that shows it
  std::string excerpt;  // the first complaint and the lines after it
};

/** Nothing if the log is clean. */
std::optional<Finding> judge_kernel_log(std::string_view log);

/**
 * Whether this is a crash that emulation sometimes causes at boot while the kernel patches its own
 * text: an int3 trap in sched_clock.
 */
bool is_text_patching_crash(std::string_view log);

/** The last lines of a log. */
std::string tail(std::string_view log, size_t lines);

}  // namespace xpoll::vm

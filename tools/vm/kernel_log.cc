// SPDX-License-Identifier: GPL-2.0-only
#include "kernel_log.h"

#include <algorithm>
#include <array>
#include <vector>

namespace xpoll::vm {

namespace {

constexpr size_t kExcerptLines = 60;

struct Pattern {
  std::string_view text;
  Severity severity;
};

constexpr std::string_view kStackBegins = "Call Trace:";
constexpr std::string_view kArm64StackBegins = "Call trace:";

// Messages of lib/, mm/ and kernel/ in 6.1 and 6.12. The stack trace is last: whatever makes the
// kernel print one is a problem.
constexpr auto kPatterns = std::to_array<Pattern>({
    {"panic_on_warn set", Severity::kComplaint},  // the warning itself is above this line
    {"Kernel panic - not syncing", Severity::kCrash},
    {"Oops: ", Severity::kCrash},
    {"BUG: unable to handle", Severity::kCrash},
    {"BUG: kernel NULL pointer dereference", Severity::kCrash},
    {"kernel BUG at ", Severity::kCrash},
    {"general protection fault", Severity::kCrash},
    {"double fault", Severity::kCrash},
    {"Slab cache still has objects", Severity::kLeak},
    {"Objects remaining in ", Severity::kLeak},
    {"Objects remaining on __kmem_cache_shutdown", Severity::kLeak},
    {"unreferenced object 0x", Severity::kLeak},
    {"WARNING: ", Severity::kComplaint},
    {"BUG: ", Severity::kComplaint},
    {"possible circular locking", Severity::kComplaint},
    {"INFO: possible recursive", Severity::kComplaint},
    {"INFO: possible irq lock inversion", Severity::kComplaint},
    {"inconsistent lock state", Severity::kComplaint},
    {"bad unlock balance", Severity::kComplaint},
    {"still held", Severity::kComplaint},
    {"suspicious RCU usage", Severity::kComplaint},
    {"scheduling while atomic", Severity::kComplaint},
    {"sleeping function called", Severity::kComplaint},
    {"Voluntary context switch within RCU", Severity::kComplaint},
    {"KASAN: ", Severity::kComplaint},
    {"KCSAN: ", Severity::kComplaint},
    {"KFENCE: ", Severity::kComplaint},
    {"UBSAN: ", Severity::kComplaint},
    {"ODEBUG: ", Severity::kComplaint},
    {"refcount_t: ", Severity::kComplaint},
    {"list_add corruption", Severity::kComplaint},
    {"list_del corruption", Severity::kComplaint},
    {"blocked for more than", Severity::kComplaint},
    {"rcu_sched self-detected stall", Severity::kComplaint},
    {"rcu_preempt self-detected stall", Severity::kComplaint},
    {"rcu_sched detected stalls", Severity::kComplaint},
    {"rcu_preempt detected stalls", Severity::kComplaint},
    {"rcu_tasks detected stalls", Severity::kComplaint},
    {"detected expedited stalls", Severity::kComplaint},
    {"soft lockup", Severity::kComplaint},
    {"hard LOCKUP", Severity::kComplaint},
    {"workqueue lockup", Severity::kComplaint},
    {"Internal error: ", Severity::kCrash},          // arm64's Oops
    {"Unable to handle kernel ", Severity::kCrash},  // arm64's page fault
    {kStackBegins, Severity::kComplaint},
    {kArm64StackBegins, Severity::kComplaint},
});

// Messages that a healthy kernel prints.
constexpr auto kHarmless = std::to_array<std::string_view>({
    "Spectre V2 : WARNING: Unprivileged eBPF",
    "RETBleed: WARNING: ",  // of a processor, real or emulated
    "Speculative Return Stack Overflow: WARNING: ",
    "Lock dependency validator",
});

// The kernel prints a stack trace when an allocation fails. That is no error by itself: the caller
// gets ENOMEM.
constexpr auto kShortages = std::to_array<std::string_view>({
    ") failed with error -",  // kmem_cache_create()
    "vmalloc error: size ",
    "page allocation failure: order:",
});

bool contains(std::string_view line, std::string_view text) {
  return line.find(text) != std::string_view::npos;
}

bool tells_of_shortage(std::string_view line) {
  return std::ranges::any_of(kShortages,
                             [&](std::string_view text) { return contains(line, text); });
}

// Whether line `i` begins a report of KMSAN in which the module does not occur: Linux 6.1's TCP
// reads uninitialised memory by itself. A line of '=' ends a report.
bool is_foreign_kmsan_report(const std::vector<std::string_view>& lines, size_t i) {
  if (!contains(lines[i], "BUG: KMSAN: ")) return false;
  for (size_t next = i + 1; next < lines.size(); ++next) {
    if (contains(lines[next], "[xpoll]")) return false;
    if (contains(lines[next], "=====")) return true;
  }
  return false;
}

std::optional<Severity> judge_line(std::string_view line) {
  const auto in_line = [&](std::string_view text) { return contains(line, text); };
  if (std::ranges::any_of(kHarmless, in_line)) return std::nullopt;
  const auto* match = std::ranges::find_if(kPatterns, in_line, &Pattern::text);
  if (match == kPatterns.end()) return std::nullopt;
  return match->severity;
}

std::vector<std::string_view> split_lines(std::string_view log) {
  std::vector<std::string_view> lines;
  while (!log.empty()) {
    const auto end = std::min(log.find('\n'), log.size());
    std::string_view line = log.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    lines.push_back(line);
    log.remove_prefix(std::min(end + 1, log.size()));
  }
  return lines;
}

std::string join(const std::vector<std::string_view>& lines, size_t begin, size_t count) {
  std::string text;
  const size_t end = std::min(lines.size(), begin + count);
  for (size_t i = begin; i < end; ++i) text.append(lines[i]).append("\n");
  return text;
}

}  // namespace

std::optional<Finding> judge_kernel_log(std::string_view log) {
  const std::vector<std::string_view> lines = split_lines(log);
  std::optional<Finding> worst;
  bool is_shortage = false;
  for (size_t i = 0; i < lines.size(); ++i) {
    is_shortage = is_shortage || tells_of_shortage(lines[i]);
    const auto severity = judge_line(lines[i]);
    if (!severity || is_foreign_kmsan_report(lines, i)) continue;
    if (is_shortage &&
        (contains(lines[i], kStackBegins) || contains(lines[i], kArm64StackBegins))) {
      is_shortage = false;
      continue;
    }
    if (!worst) {
      const size_t begin = i == 0 ? 0 : i - 1;
      worst = Finding{*severity, std::string{lines[i]}, join(lines, begin, kExcerptLines)};
    } else if (*severity > worst->severity) {
      worst->severity = *severity;
      worst->line = lines[i];
    }
  }
  return worst;
}

bool is_text_patching_crash(std::string_view log) {
  return contains(log, "int3: ") && contains(log, "sched_clock");
}

std::string tail(std::string_view log, size_t count) {
  const std::vector<std::string_view> lines = split_lines(log);
  return join(lines, lines.size() - std::min(lines.size(), count), count);
}

}  // namespace xpoll::vm

// SPDX-License-Identifier: GPL-2.0-only
#include "verdict.h"

#include <fmt/format.h>

#include <array>

#include "kernel_log.h"

namespace xpoll::vm {

namespace {

constexpr size_t kTailLines = 25;

struct Description {
  std::string_view name;
  int exit_status;
};

// In the order of Outcome.
constexpr std::array<Description, 10> kDescriptions{{
    {"passed", 0},
    {"command-failed", 1},
    {"beside-failed", 119},
    {"boot-failed", 120},
    {"crashed", 121},
    {"log-dirty", 122},
    {"leaked", 123},
    {"time-limit", 124},
    {"unload-failed", 125},
    {"module-refused", 126},
}};

const Description& describe(Outcome outcome) {
  return kDescriptions.at(static_cast<size_t>(outcome));
}

Verdict verdict(Outcome outcome, std::string reason, std::string excerpt = {}) {
  return {outcome, describe(outcome).exit_status, std::move(reason), std::move(excerpt)};
}

std::optional<Finding> worst_finding(const GuestRun& run) {
  auto console = judge_kernel_log(run.console);
  auto complete = judge_kernel_log(run.kernel_log);
  if (!console) return complete;
  return complete && complete->severity > console->severity ? complete : console;
}

Verdict judge_finding(const Finding& finding) {
  switch (finding.severity) {
    case Severity::kCrash:
      return verdict(Outcome::kCrashed, "the kernel crashed: " + finding.line, finding.excerpt);
    case Severity::kLeak:
      return verdict(Outcome::kLeaked, "objects leaked: " + finding.line, finding.excerpt);
    case Severity::kComplaint:
      break;
  }
  return verdict(Outcome::kLogDirty, "the kernel complained: " + finding.line, finding.excerpt);
}

Verdict judge_unfinished(const GuestRun& run) {
  const std::string last_lines = tail(run.console, kTailLines);
  if (run.boot_seconds) {
    const std::string status =
        run.qemu_status ? fmt::format(" (QEMU ended with {})", *run.qemu_status) : "";
    return verdict(Outcome::kCrashed, "the guest ended without a verdict" + status,
                   run.qemu_errors + last_lines);
  }
  return verdict(Outcome::kBootFailed, "the guest ended before the command began",
                 run.qemu_errors + last_lines);
}

}  // namespace

bool worth_a_retry(const GuestRun& run) {
  if (run.boot_seconds || run.time_limit || run.kvm || !run.failed_step.empty() ||
      !run.refused.empty())
    return false;
  return is_text_patching_crash(run.console) || (!run.ready && !judge_kernel_log(run.console));
}

std::string_view outcome_name(Outcome outcome) { return describe(outcome).name; }

Verdict judge(const GuestRun& run) {
  if (!run.failed_step.empty()) {
    return verdict(Outcome::kBootFailed, "the guest failed when " + run.failed_step,
                   tail(run.console, kTailLines));
  }
  if (run.kvm && !run.boot_seconds) {
    return verdict(Outcome::kBootFailed,
                   "/dev/kvm of this host does not run the kernel; use software emulation "
                   "(--accel tcg, ACCEL=tcg)",
                   run.qemu_errors + tail(run.console, kTailLines));
  }
  if (const auto finding = worst_finding(run)) return judge_finding(*finding);
  if (run.leak) return verdict(Outcome::kLeaked, "kmemleak found leaked memory");
  if (!run.refused.empty()) {
    return verdict(Outcome::kModuleRefused, "the module was refused: " + run.refused,
                   tail(run.kernel_log, kTailLines));
  }
  if (run.beside_status.value_or(0) != 0) {
    return verdict(Outcome::kBesideFailed,
                   fmt::format("the command on the host ended with {}", *run.beside_status));
  }
  if (run.time_limit) {
    return verdict(Outcome::kTimeLimit, "the time limit was reached",
                   tail(run.console, kTailLines));
  }
  if (!run.finished) return judge_unfinished(run);
  if (!run.stuck.empty()) {
    return verdict(Outcome::kUnloadFailed, "the module did not unload: " + run.stuck);
  }
  if (!run.status) return judge_unfinished(run);
  if (*run.status != 0) {
    Verdict failed =
        verdict(Outcome::kCommandFailed, fmt::format("the command ended with {}", *run.status));
    failed.exit_status = *run.status;
    return failed;
  }
  return verdict(Outcome::kPassed, "passed");
}

}  // namespace xpoll::vm

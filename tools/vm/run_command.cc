// SPDX-License-Identifier: GPL-2.0-only
#include "run_command.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <system_error>

#include "kernel_log.h"
#include "prepared_kernel.h"
#include "terminal.h"
#include "tools/util/file.h"
#include "tools/util/json_text.h"
#include "verdict.h"

namespace xpoll::vm {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kMaxRetries = 2;

int pick_port() {
  const unique_fd listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener.get(), generic, length) < 0 ||
      ::getsockname(listener.get(), generic, &length) < 0) {
    throw std::system_error(errno, std::generic_category(), "no free port");
  }
  return ntohs(address.sin_port);
}

void pick_ports(Hardware& hardware) {
  for (Forward& forward : hardware.forwards) {
    if (forward.host_port == 0) forward.host_port = pick_port();
    fmt::print(stderr, "127.0.0.1:{} leads to port {} of the guest\n", forward.host_port,
               forward.guest_port);
  }
}

void print_verdict(const PreparedKernel& kernel, const Verdict& verdict) {
  const bool colour = ::isatty(STDERR_FILENO) == 1;
  const bool passed = verdict.outcome == Outcome::kPassed;
  const char* begin = passed ? "\033[32m" : "\033[31m";
  fmt::print(stderr, "{}", verdict.excerpt);
  fmt::print(stderr, "{}{}: {}{}\n", colour ? begin : "", kernel.name, verdict.reason,
             colour ? "\033[0m" : "");
}

struct Attempts {
  int retries = 0;
  double seconds = 0;  // in total
};

void write_records(const PreparedKernel& kernel, const GuestRun& run, const Verdict& verdict,
                   const Attempts& attempts, const Records& records) {
  if (records.log) {
    write_file(*records.log, run.kernel_log.empty() ? run.console : run.kernel_log);
  }
  if (!records.json) return;
  nlohmann::json json{{"kernel", kernel.name},
                      {"version", kernel.version},
                      {"release", kernel.release},
                      {"outcome", outcome_name(verdict.outcome)},
                      {"exit_status", verdict.exit_status},
                      {"reason", verdict.reason},
                      {"excerpt", verdict.excerpt},
                      {"leaks_searched", run.leaks_searched},
                      {"retries", attempts.retries},
                      {"seconds", attempts.seconds}};
  if (run.boot_seconds) json["boot_seconds"] = *run.boot_seconds;
  if (run.status) json["command_status"] = *run.status;
  write_file(*records.json, json_text(json, 2) + "\n");
}

}  // namespace

int run_and_judge(const PreparedKernel& prepared, RunRequest request, const Records& records) {
  pick_ports(request.hardware);
  const TerminalKeeper keeper;
  const Clock::time_point start = Clock::now();
  GuestRun run = run_guest(prepared, request);
  Attempts attempts;
  while (worth_a_retry(run) && attempts.retries < kMaxRetries) {
    ++attempts.retries;
    fmt::print(stderr, "{}: a known fault of emulated boots, retry {} of {}\n", prepared.name,
               attempts.retries, kMaxRetries);
    run = run_guest(prepared, request);
  }
  attempts.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  const Verdict verdict = judge(run);
  if (verdict.outcome == Outcome::kPassed && request.job.module) note_passed(prepared);
  write_records(prepared, run, verdict, attempts, records);
  print_verdict(prepared, verdict);
  return verdict.exit_status;
}

}  // namespace xpoll::vm

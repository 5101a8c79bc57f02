// SPDX-License-Identifier: GPL-2.0-only
#include "attack/campaign.h"

#include <fmt/format.h>
#include <linux/xpoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <thread>

#include "attack/acts.h"
#include "attack/attacker.h"
#include "attack/board.h"
#include "attack/victim.h"
#include "tools/util/backend.h"
#include "tools/util/file.h"
#include "util/hanging_file.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/shared.h"

namespace xpoll::attack {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kEndLimit{120};
constexpr int kMorePairs = 2;

double seconds_of(Clock::duration duration) {
  return std::chrono::duration<double>(duration).count();
}

void allow_fuse() {
  if (!test::HangingFile::available()) return;
  constexpr fs::perms kForAll{0666};
  fs::permissions("/dev/fuse", kForAll);
}

// The harder case: a user's page faults in the kernel may be stalled, and users may trace and
// mount.
void allow_attacks() {
  allow_fuse();
  for (const auto& [file, value] : {std::pair{"/proc/sys/vm/unprivileged_userfaultfd", "1"},
                                    std::pair{"/proc/sys/kernel/unprivileged_userns_clone", "1"},
                                    std::pair{"/proc/sys/kernel/yama/ptrace_scope", "0"}})
    if (fs::exists(file)) write_file(file, value);
}

// A cgroup that limits the attackers' memory, where the kernel has that.
class MemoryLimit {
 public:
  MemoryLimit() {
    const fs::path root = "/sys/fs/cgroup";
    if (!fs::exists(root / "cgroup.controllers") ||
        read_file(root / "cgroup.controllers").find("memory") == std::string::npos)
      return;
    write_file(root / "cgroup.subtree_control", "+memory");
    group_ = root / "xpoll-attack";
    fs::create_directory(group_);
    write_file(group_ / "memory.max", "300M");
  }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;
  ~MemoryLimit() {
    std::error_code ignored;
    if (!group_.empty()) fs::remove(group_, ignored);
  }

  // The calling process and those that it will start.
  void join() const {
    if (!group_.empty()) write_file(group_ / "cgroup.procs", std::to_string(getpid()));
  }
  const char* what() const { return group_.empty() ? "no memory limit" : "300 MiB of memory"; }

 private:
  fs::path group_;
};

std::string text_of(const fs::path& path) {
  // The task may have ended.
  std::ifstream stream(path);
  return {std::istreambuf_iterator<char>{stream}, {}};
}

// What each task of this program does, for whoever looks into a hang.
void print_tasks() {
  std::error_code ended;
  for (const auto& process : fs::directory_iterator("/proc")) {
    if (text_of(process.path() / "comm") != "xpoll-attack\n") continue;
    for (const auto& task : fs::directory_iterator(process.path() / "task", ended))
      fmt::print("# {}: {}#  system call {}{}", task.path().string(), text_of(task.path() / "stat"),
                 text_of(task.path() / "syscall"), text_of(task.path() / "stack"));
  }
  std::fflush(stdout);
}

// The parent of all attackers. It inherits what they leave behind.
int command(std::size_t count, const AttackerPlan& plan, Board& board) {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  checked(sigprocmask(SIG_BLOCK, &end, nullptr), "sigprocmask");
  checked(prctl(PR_SET_CHILD_SUBREAPER, 1), "PR_SET_CHILD_SUBREAPER");
  for (std::size_t number = 0; number < count; ++number) {
    const pid_t pid = checked(fork(), "fork");
    if (pid == 0) {
      sigprocmask(SIG_UNBLOCK, &end, nullptr);
      AttackerPlan own = plan;
      own.number = number;
      attack(own, board);
    }
  }
  int signal = 0;
  sigwait(&end, &signal);
  kill_attackers();
  while (wait(nullptr) > 0 || errno == EINTR) {
  }
  return 0;
}

class Attack {
 public:
  Attack(std::size_t count, const AttackerPlan& plan, Board& board, const MemoryLimit& memory)
      : pid_(checked(fork(), "fork")) {
    if (pid_ != 0) return;
    try {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      memory.join();
      _exit(command(count, plan, board));
    } catch (const std::exception& error) {
      fmt::print(stderr, "xpoll-attack: {}\n", error.what());
      _exit(1);
    }
  }

  void end() const {
    kill(pid_, SIGTERM);
    const Clock::time_point deadline = Clock::now() + kEndLimit;
    int status = 0;
    while (waitpid(pid_, &status, WNOHANG) == 0) {
      if (Clock::now() > deadline) {
        print_tasks();
        throw std::runtime_error(
            fmt::format("attackers did not end within {} s", kEndLimit.count()));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    if (status != 0) throw std::runtime_error("the attackers could not be started");
  }

 private:
  pid_t pid_;
};

Slice run_slice(const Options& options, Backend backend, std::uint64_t seed, const std::string& act,
                const MemoryLimit& memory, Outcome& outcome) {
  const test::Shared<Board> board;
  const Victim victim(backend, board->service);
  victim.wait_until_serving(board->service);
  board->service.longest_ns = 0;
  const std::uint64_t before = board->service.requests;
  const Clock::time_point begin = Clock::now();
  const Attack attack(options.attackers,
                      {.backend = backend, .seed = seed, .number = 0, .act = act}, *board, memory);
  std::this_thread::sleep_for(options.slice);
  const Clock::time_point told = Clock::now();
  attack.end();
  const Clock::time_point end = Clock::now();
  const std::uint64_t requests = board->service.requests - before;
  // One that hangs makes no pause that its client could measure.
  victim.wait_for_a_reply(board->service);
  Slice slice;
  slice.backend = backend.name();
  slice.act = act;
  slice.seconds = seconds_of(end - begin);
  slice.requests = requests;
  slice.longest_ns = board->service.longest_ns;
  slice.failures = board->service.failures;
  slice.failure = test::errno_text(board->service.failure);
  slice.end_seconds = seconds_of(end - told);
  for (std::size_t i = 0; i < acts().size(); ++i) {
    slice.started += board->acts[i].started;
    if (board->acts[i].started > 0)
      outcome.add(backend.name(), acts()[i].name,
                  {.started = board->acts[i].started, .effects = board->acts[i].effects},
                  acts()[i].optional);
  }
  fmt::print(
      "# {} attacked by {} for {:.1f} s: {} requests, longest pause {:.1f} ms; {} attackers with "
      "user and {} with "
      "PID namespaces\n",
      slice.backend, act.empty() ? "all" : act, slice.seconds, slice.requests,
      static_cast<double>(slice.longest_ns) / 1e6, board->user_namespaces.load(),
      board->pid_namespaces.load());
  std::fflush(stdout);
  return slice;
}

// Before other processes run: where QEMU emulates processors in parallel, one that calls the
// function while its text is patched may get stuck (docs/testing.md).
void attach_close_hook() {
  const struct xpoll_create create {
    .flags = XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES, .group = 0
  };
  static_cast<void>(
      checked_fd(ioctl(test::open_device().get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE"));
}

// All acts together, then two of them by themselves, and so on.
std::string act_of(const Options& options, std::uint64_t turn) {
  if (!options.act.empty()) return options.act;
  if (turn % 3 == 0) return {};
  return acts()[(turn - 1 - turn / 3) % acts().size()].name;
}

}  // namespace

Outcome run(const Options& options) {
  allow_attacks();
  attach_close_hook();
  const MemoryLimit memory;
  fmt::print("# seed {}: {} attackers, {}\n", options.seed, options.attackers, memory.what());
  Outcome outcome(options.seed, options.limits);
  const Clock::time_point end = Clock::now() + options.time;
  std::uint64_t pairs = 0;
  // The same acts on both; which implementation comes first alternates.
  const auto run_pair = [&](const std::string& act) {
    const std::uint64_t seed = Random(options.seed, pairs).bits();
    std::vector<Backend> order{Backend::native(), Backend::xpoll()};
    if (pairs++ % 2) std::ranges::reverse(order);
    for (const Backend backend : order)
      outcome.add(run_slice(options, backend, seed, act, memory, outcome));
  };
  std::uint64_t turn = 0;
  do {
    const std::string act = act_of(options, turn++);
    run_pair(act);
    // A ratio of one pair may be an accident.
    for (int more = 0; more < kMorePairs && outcome.exceeds(act); ++more) run_pair(act);
  } while (Clock::now() + 2 * options.slice <= end);
  return outcome;
}

}  // namespace xpoll::attack

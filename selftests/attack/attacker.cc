// SPDX-License-Identifier: GPL-2.0-only
#include "attack/attacker.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <exception>
#include <span>

#include "attack/acts.h"
#include "util/namespaces.h"
#include "util/process.h"

namespace xpoll::attack {
namespace {

using Clock = std::chrono::steady_clock;

constexpr uid_t kFirstUser = 2001;
// So few that attackers share limits of users.
constexpr uid_t kUsers = 2;

void limit(int resource, rlim_t most) {
  const rlimit both{.rlim_cur = most, .rlim_max = most};
  checked(setrlimit(static_cast<__rlimit_resource>(resource), &both), "setrlimit");
}

void set_limits() {
  limit(RLIMIT_NOFILE, 4096);
  limit(RLIMIT_NPROC, 500);
  limit(RLIMIT_MEMLOCK, 8 << 20);
  limit(RLIMIT_CORE, 0);
}

// The end of the parent kills this process. A change of credentials takes that back.
void die_with(pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  // In a new PID namespace the parent has no number.
  if (getppid() != parent && getppid() != 0) _exit(0);
}

void enter_namespaces(Random& random, Board& board) {
  constexpr std::array kChoices{0, CLONE_NEWUSER, CLONE_NEWUSER | CLONE_NEWPID,
                                CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC};
  const int flags = random.pick(kChoices);
  const pid_t parent = getppid();
  // A kernel without them, or a sysctl, refuses.
  if (flags == 0) return;
  // Half of the users have no number in their namespace.
  if (!(random.chance(50) ? test::unshare_as_root(flags) : unshare(flags) == 0)) return;
  ++board.user_namespaces;
  die_with(parent);
  if (!(flags & CLONE_NEWPID)) return;
  const pid_t outside = getpid();
  const pid_t first = checked(fork(), "fork");
  if (first != 0) {
    waitpid(first, nullptr, 0);
    _exit(0);
  }
  die_with(outside);
  ++board.pid_namespaces;
}

class Attacker {
 public:
  Attacker(const AttackerPlan& plan, Board& board)
      : plan_(plan),
        board_(board),
        peers_(board.peers[plan.number]),
        random_(plan.seed, plan.number) {
    for (std::size_t i = 0; i < acts().size(); ++i)
      if (plan.act.empty() || plan.act == acts()[i].name) choices_.push_back(i);
  }

  [[noreturn]] void run() {
    sigset_t child_ended;
    sigemptyset(&child_ended);
    sigaddset(&child_ended, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_ended, nullptr);
    for (;;) {
      for (std::size_t i = 0; i < kAtOnce; ++i) attend(i);
      // Until an act has ended, or until it may be time to kill one.
      constexpr timespec kTick{.tv_sec = 0, .tv_nsec = 5'000'000};
      sigtimedwait(&child_ended, nullptr, &kTick);
    }
  }

 private:
  struct Running {
    pid_t pid = 0;
    Clock::time_point deadline;
  };

  void attend(std::size_t place) {
    Running& running = running_[place];
    if (running.pid != 0 && waitpid(running.pid, nullptr, WNOHANG) == running.pid) running.pid = 0;
    if (running.pid != 0 && Clock::now() >= running.deadline) {
      kill(running.pid, SIGKILL);
      // Its end may take long: it is a part of the attack.
      waitpid(running.pid, nullptr, 0);
      running.pid = 0;
    }
    if (running.pid == 0) start(place);
  }

  void start(std::size_t place) {
    const std::size_t act = choices_[random_.below(choices_.size())];
    // Some have time for what takes long to prepare.
    const std::uint64_t most = random_.chance(10) ? 20'000 : 3'000;
    const auto time = std::chrono::milliseconds(100 + random_.below(most));
    Random random(random_.bits(), 0);
    const pid_t parent = getpid();
    const pid_t pid = fork();
    if (pid < 0) return;
    if (pid == 0) {
      die_with(parent);
      carry_out(act, random);
    }
    running_[place] = {.pid = pid, .deadline = Clock::now() + time};
    peers_[place] = pid;
  }

  [[noreturn]] void carry_out(std::size_t number, Random& random) {
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    // Without descriptors or memory an act ends, also if it has threads.
    std::set_terminate([] { _exit(0); });
    ActCount& count = board_.acts[number];
    ++count.started;
    try {
      acts()[number].run(
          {.backend = plan_.backend, .random = random, .peers = peers_, .count = count});
    } catch (const std::exception&) {
      _exit(0);
    }
    _exit(0);
  }

  const AttackerPlan& plan_;
  Board& board_;
  Peers& peers_;
  Random random_;
  std::vector<std::size_t> choices_;
  std::array<Running, kAtOnce> running_{};
};

}  // namespace

void kill_attackers() {
  for (uid_t i = 0; i < kUsers; ++i) {
    const pid_t killer = checked(fork(), "fork");
    if (killer == 0) {
      test::become_user(kFirstUser + i);
      kill(-1, SIGKILL);
      _exit(0);
    }
    waitpid(killer, nullptr, 0);
  }
}

void attack(const AttackerPlan& plan, Board& board) {
  const pid_t parent = getppid();
  set_limits();
  test::become_user(kFirstUser + static_cast<uid_t>(plan.number) % kUsers);
  die_with(parent);
  // Others of the same user may trace it.
  prctl(PR_SET_DUMPABLE, 1);
  constexpr std::uint64_t kNamespaces = 1U << 20U;
  Random random(plan.seed, kNamespaces + plan.number);
  enter_namespaces(random, board);
  prctl(PR_SET_DUMPABLE, 1);
  Attacker(plan, board).run();
}

}  // namespace xpoll::attack

// SPDX-License-Identifier: GPL-2.0-only
// Processes that stop, kill and trace those that carry out the other acts.
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>

#include "attack/acts.h"

namespace xpoll::attack {
namespace {

// Return: another process of the attacker, or 0.
pid_t pick_peer(const Scene& scene) {
  const pid_t peer = scene.peers[scene.random.below(kAtOnce)];
  return peer == getpid() ? 0 : peer;
}

void pause_for_up_to(const Scene& scene, int milliseconds) {
  std::this_thread::sleep_for(std::chrono::microseconds(scene.below(1000 * milliseconds)));
}

}  // namespace

void stop_and_kill(const Scene& scene) {
  for (;;) {
    pause_for_up_to(scene, 10);
    const pid_t peer = pick_peer(scene);
    if (peer <= 0 || kill(peer, SIGSTOP) < 0) continue;
    scene.effect();
    pause_for_up_to(scene, 50);
    kill(peer, scene.random.chance(30) ? SIGKILL : SIGCONT);
  }
}

// Interrupts calls again and again: each sleep of a traced task is left and begun anew.
void trace_peers(const Scene& scene) {
  for (;;) {
    pause_for_up_to(scene, 5);
    const pid_t peer = pick_peer(scene);
    if (peer <= 0 || ptrace(PTRACE_SEIZE, peer, nullptr, nullptr) < 0) continue;
    for (int i = scene.up_to(20); i > 0; --i) {
      if (ptrace(PTRACE_INTERRUPT, peer, nullptr, nullptr) < 0) break;
      if (waitpid(peer, nullptr, __WALL) != peer) break;
      scene.effect();
      if (ptrace(PTRACE_CONT, peer, nullptr, nullptr) < 0) break;
    }
    if (ptrace(PTRACE_INTERRUPT, peer, nullptr, nullptr) == 0) waitpid(peer, nullptr, __WALL);
    ptrace(PTRACE_DETACH, peer, nullptr, nullptr);
  }
}

}  // namespace xpoll::attack

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "ioctlfuzz/cell.h"
#include "ioctlfuzz/programs.h"
#include "ioctlfuzz/ring_mapping.h"
#include "ioctlfuzz/slots.h"
#include "ioctlfuzz/table.h"
#include "ioctlfuzz/tally.h"

namespace xpoll::ioctlfuzz {

// The memory for the arguments of one thread's calls.
struct Arguments {
  Cell outer;
  Cell events;
  Cell sigmask;
  Cell time;
  Cell changes;

  void meddle(Random& random);
};

// The names of the calls that can succeed, by which the tally counts them.
std::vector<std::string> calls_that_succeed();

// One thread's calls. A call is determined by its number, apart from other threads' effects.
class Worker {
 public:
  Worker(Arguments& arguments, const Slots& slots, const Programs& programs, Tally& tally)
      : arguments_(arguments), slots_(slots), programs_(programs), tally_(tally) {}

  void step(std::uint64_t number);

 private:
  // calls.cc
  void features(Random& random);
  void create(Random& random);
  void create_ring(Random& random);
  void group(Random& random);
  void stats(Random& random);
  void ctl(Random& random);
  void wait(Random& random);
  void enter(Random& random);
  void change(Random& random);
  void post(Random& random);
  void wake(Random& random);
  void number(Random& random);
  void busy_poll(Random& random);
  void unknown_command(Random& random);

  // acts.cc: actions that give the calls something to act on
  void open_slot(Random& random);
  void dup_slot(Random& random);
  void close_slot(Random& random);
  void pass_slot(Random& random);
  void stir(Random& random);
  void poll_slots(Random& random);
  void map_table(Random& random);
  void write_table(Random& random);
  void write_ring(Random& random);
  void read_fdinfo(Random& random);
  void fork(Random& random);
  void unload(Random& random);

  // Counts the result of a call, and checks that the ABI allows it. With `must_fail`, success is a
  // violation.
  void judge(const char* call, long result, bool must_fail);

  Arguments& arguments_;
  const Slots& slots_;
  const Programs& programs_;
  Tally& tally_;
  Table table_;
  RingMapping ring_;
  std::uint64_t number_ = 0;
};

}  // namespace xpoll::ioctlfuzz

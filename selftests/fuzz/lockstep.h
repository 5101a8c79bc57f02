// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "blocked_wait.h"
#include "holder.h"
#include "outcomes.h"
#include "rest.h"
#include "slots.h"
#include "util/guarded_memory.h"
#include "world.h"

namespace xpoll::fuzz {

constexpr int kWaiters = 2;
constexpr int kChildren = 2;

// Objects that outlive an episode because they are expensive to create.
struct Stage {
  // If the second backend is native too, any difference is a fault of the fuzzer.
  explicit Stage(Backend second = Backend::xpoll()) : second_backend(second) {
    stay_on_processor();
  }

  Backend second_backend;
  LoopbackBarrier barrier;
  IdleTurn idle;
  std::array<BlockedWait, kWaiters> native_waits{BlockedWait(idle), BlockedWait(idle)};
  std::array<BlockedWait, kWaiters> xpoll_waits{BlockedWait(idle), BlockedWait(idle)};
  xpoll::test::GuardedMemory memory;
  Outcomes outcomes;
};

// Side effects of a step, besides wake-ups, which any step can have.
struct Effects {
  bool packets = false;
  bool closes = false;
};

// Two worlds that start empty and go through the same steps: one with native epoll's instances, one
// with xpoll's. Each step is taken in both, settles, and must have the same effect in both;
// otherwise a Divergence is thrown.
//
// Compared: the call's result and errno; the events, their bits, data and order; which blocked
// waits ended, and with what; which instances poll(2) reports as readable; fdinfo.
//
// The order is always defined and compared: items become ready in the order of the wake-ups, items
// of one wake-up in the reverse order of their hooks, and both follow from the steps alone. The
// exception is two blocked waits on one instance that one step ends: the scheduler decides which
// thread gets which event, so their results are compared as a set.
//
// No difference is tolerated. The differences in util/backend.h can't appear: instances are only
// nested within their world, descriptors do not run out, no waiter is killed, and no step begins
// before the previous scans have ended (kFalseNothingReady, a bug of native 6.1, needs two
// concurrent scans).
//
// Any step can be taken at any time. On an empty slot, or one whose kind of descriptor does not
// suit the step, the system call fails in both worlds alike, or nothing happens.
class Lockstep {
 public:
  explicit Lockstep(Stage& stage);
  Lockstep(const Lockstep&) = delete;
  Lockstep& operator=(const Lockstep&) = delete;
  ~Lockstep();

  // Whether every instance is polled after each later step. This has an effect: items that are not
  // ready leave the ready list.
  void poll_after_each_step(bool on);
  void poll();

  // Descriptors. The slot's previous descriptor is closed first, as by dup2().
  void create(int slot, int flags = 0);
  void tcp(int client, int server);
  void listener(int slot);
  void connect(int listener, int slot);
  void accept(int listener, int slot);
  void unix_pair(int one, int other, int type);
  void pipe(int reader, int writer);
  void eventfd(int slot, unsigned count = 0, int flags = 0);
  void timerfd(int slot);
  void memfd(int slot);
  void dev_null(int slot);
  void dup(int from, int to);
  void close(int slot);

  // Copies all descriptors into another process.
  void fork(int child);
  void close_in_child(int child, int slot);
  void exit_child(int child);
  // Queues a copy in a UNIX socket, to be received by that socket's peer.
  void pass(int socket, int slot);
  void receive(int socket, int slot);

  // Traffic.
  void write(int slot, int bytes = 1);
  void read(int slot, int bytes = 1);
  void fill(int slot);
  void drain(int slot);
  void shutdown(int slot, int how);
  void reset(int slot);
  void send_out_of_band(int slot);
  void expire(int slot);

  // The calls under test.
  void ctl(int instance, int op, int slot, std::uint32_t events = 0, std::uint64_t data = 0);
  void ctl_without_event(int instance, int op, int slot, bool null);
  // Many changes and a wait without timeout, in one call on xpoll. Each is packed (change.h).
  void enter(int instance, int maxevents, std::int64_t first, std::int64_t second = 0,
             std::int64_t third = 0);
  void wait(int instance, int maxevents = 64, int timeout_ms = 0);
  // Waits with an array of which only that many bytes are writable.
  void wait_into(int instance, int maxevents, int accessible_bytes);
  void pwait2(int instance, int maxevents, std::int64_t seconds, std::int64_t nanoseconds);
  // Waits with an unreadable timeout.
  void pwait2_unreadable(int instance, int maxevents);
  void start_wait(int waiter, int instance, int maxevents = 1);
  void interrupt(int waiter);
  // An event without a descriptor, which wakes a waiter.
  void post(int instance, std::uint64_t data);

  // Instances with a ready ring: see lockstep_ring.cc.
  void ring(int slot);
  // A change by one call, or as one change of ENTER; by the number of the watch's slot if that is
  // known.
  void ring_ctl(int instance, int op, int slot, std::uint32_t events, std::uint64_t data);
  void ring_enter(int instance, int op, int slot, std::uint32_t events, std::uint64_t data);
  void ring_by_number(int instance, int op, int slot, std::uint32_t events, std::uint64_t data);
  // Takes all events, in one of several ways.
  void ring_take(int instance, int way);
  // Takes some of those that are in the ring now.
  void ring_take_some(int instance, int most);

 private:
  // The effect of a step in one world.
  struct Effect {
    long value = 0;
    int error = 0;
    std::string detail;
    bool operator==(const Effect&) const = default;
  };
  using Call = std::function<long(World&)>;

  // Links that can't reach epoll's limit on paths, which are 10 of 5 links.
  static constexpr int kMostLinks = 4;

  enum class RingCall { kSingle, kEnter, kNumber };
  struct RingWatch {
    int slot = 0;
    int placed = 0;  // World::placed() of the slot
    std::uint32_t events = 0;
    std::uint32_t woken = 0;              // which bits tell that they have become ready
    bool in_if_readable = false;          // it wakes with EPOLLIN only if it has that
    std::uint32_t seen = 0;               // what was ready since all events were taken
    int number = 0;                       // of its slot in the ring
    std::array<std::uint32_t, 2> told{};  // so far: native, as far as it is compared; xpoll
  };
  using RingWatches = std::map<std::uint64_t, RingWatch>;     // by their data
  using RingEvents = std::map<std::uint64_t, std::uint32_t>;  // bits by data
  struct Ring {
    unique_fd level;  // watches the same, level-triggered, which says what is ready now
    RingWatches watches;
    RingEvents taken;  // from the ring alone, since all events were taken
  };

  // Makes one call in both worlds, compares and counts it. Returns true on success.
  bool both(std::string_view operation, const Call& call);
  // Makes a call that takes an array of events.
  void wait_in_both(std::string_view operation,
                    const std::function<int(World&, epoll_event*)>& wait,
                    std::span<std::byte> memory = {});
  int enter_one(World& world, int instance, std::span<const std::int64_t> changes, int maxevents,
                epoll_event* events, std::vector<int>& results);
  void compare(std::string_view operation, const Effect& native, const Effect& xpoll);
  void count(std::string_view operation, const Effect& effect);
  void nothing_to_do(std::string_view operation);

  using Placed = std::initializer_list<std::pair<int, Kind>>;
  // Whether the links between instances are too many for a watch that only one world has: it might
  // reach epoll's limit on paths.
  bool posts_with_many_links() const { return posted_ && links_ >= kMostLinks; }

  void ring_change(std::string_view operation, RingCall call, int instance, int op,
                   const RingWatch& wanted, std::uint64_t data);
  RingWatches::iterator find_ring_watch(int instance, int slot);
  void forget_ended_watches(int instance);
  RingEvents take_from(const World& world, int instance, int way);
  // What is ready now, by a level-triggered watch of each.
  static RingEvents ready_in(const Ring& ring);
  void note_ready_in_rings();
  void compare_ring(int instance, const RingEvents& native, const RingEvents& xpoll);
  void rearm(int instance, const RingWatches::value_type& watch);

  // Fills slots with descriptors whose creation can't fail.
  void open(std::string_view operation, Placed slots,
            const std::function<std::vector<unique_fd>(World&)>& make);

  // Lets everything settle, and compares.
  void finish(Effects effects = {});
  // For a step that can only have changed the watches of one instance.
  void finish_watches(int instance);
  Effects effects_of_data(int slot) const;
  Effects effects_of_close(std::initializer_list<int> slots) const;
  void settle_traffic();
  bool tcp_at_rest();
  void hurry_tcp();
  void settle_waits();
  void compare_waits();
  std::string poll_instances(World& world);
  void compare_readiness();
  void compare_fdinfo(int slot);
  void compare_all_fdinfo();
  int blocked_waits() const;

  Stage& stage_;
  World native_;
  World xpoll_;
  Slots slots_;
  std::array<int, kWaiters> maxevents_{};
  std::array<std::unique_ptr<Holder>, kChildren> children_;
  bool tcp_used_ = false;
  bool passed_ = false;
  bool nested_ = false;
  bool posted_ = false;
  int links_ = 0;              // between instances, at most
  std::map<int, Ring> rings_;  // by the slot
  bool poll_after_each_step_ = false;
};

}  // namespace xpoll::fuzz

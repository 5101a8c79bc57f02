// SPDX-License-Identifier: GPL-2.0-only
#include "generator.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <initializer_list>

#include "change.h"

namespace xpoll::fuzz {
namespace {

constexpr std::uint64_t kChildrenAndWaiters = 2;
constexpr int kPreamblePairs = 5;

class Generator {
 public:
  Generator(std::uint64_t seed, std::uint64_t episode) : random_(seed, episode) {
    choose_weights();
  }

  std::vector<Step> episode(std::size_t length) {
    add("poll_after_each_step", {random_.chance(50)});
    if (random_.chance(40))
      ring();
    else
      for (Weighted& rule : rules_)
        if (is_of_rings(rule.rule)) rule.weight = 0;
    const std::uint64_t instances = 2 + random_.below(6);
    for (std::uint64_t i = 0; i < instances; i++) create();
    for (int i = 0; i < kPreamblePairs; i++) open_something();
    while (steps_.size() < length) next();
    return std::move(steps_);
  }

 private:
  using Rule = void (Generator::*)();
  struct Weighted {
    Rule rule;
    unsigned weight;
  };

  // Each episode takes some steps often and others never: long runs of one kind of step reach
  // states that an even mixture hardly ever reaches.
  void choose_weights() {
    constexpr std::array<unsigned, 6> kFactors{0, 1, 1, 1, 2, 4};
    for (Weighted& rule : rules_) rule.weight *= random_.pick(kFactors);
  }

  static bool is_of_rings(Rule rule) {
    return rule == &Generator::ring || rule == &Generator::add_to_ring ||
           rule == &Generator::change_in_ring || rule == &Generator::take_from_ring;
  }

  void next() {
    std::uint64_t total = 0;
    for (const Weighted& rule : rules_) total += rule.weight;
    std::uint64_t point = random_.below(total + 1);
    for (const Weighted& rule : rules_) {
      if (point < rule.weight) return (this->*rule.rule)();
      point -= rule.weight;
    }
    wait();
  }

  void add(std::string_view name, std::initializer_list<std::int64_t> arguments) {
    Step step{&operation_named(name), {}};
    std::ranges::copy(arguments, step.arguments.begin());
    steps_.push_back(step);
  }

  // Slots.

  int any_slot() { return static_cast<int>(random_.below(kSlots)); }

  template <typename Wanted>
  int slot_where(const Wanted& wanted) {
    std::vector<int> found;
    for (int slot = 0; slot < kSlots; slot++)
      if (wanted(slots_[slot])) found.push_back(slot);
    return found.empty() || random_.chance(3) ? any_slot() : found[random_.below(found.size())];
  }

  int slot_of(Kind kind) {
    return slot_where([kind](Kind each) { return each == kind; });
  }
  int instance() { return slot_of(Kind::kInstance); }
  // Mostly an empty slot.
  int free_slot() {
    return random_.chance(5) ? any_slot()
                             : slot_where([](Kind each) { return each == Kind::kNone; });
  }
  int open_slot() {
    return slot_where([](Kind each) { return each != Kind::kNone; });
  }
  int traffic_slot() {
    return slot_where([](Kind each) {
      return each != Kind::kNone && !is_instance(each) && each != Kind::kUnpollable;
    });
  }
  int unix_slot() { return slot_where(is_unix); }
  std::int64_t one_of_two() {
    return static_cast<std::int64_t>(random_.below(kChildrenAndWaiters));
  }

  // Opening.

  void create() {
    const int slot = free_slot();
    // 1 is a flag of xpoll.
    constexpr std::array<std::int64_t, 3> kBad{2, 0x800, -1};
    const bool bad = random_.chance(3);
    add("create", {slot, bad ? random_.pick(kBad) : random_.chance(50) ? EPOLL_CLOEXEC : 0});
    if (!bad) slots_[slot] = Kind::kInstance;
  }

  void open_pair(std::string_view name, Kind kind) {
    const int one = free_slot();
    slots_[one] = kind;
    const int other = free_slot();
    slots_[other] = kind;
    if (kind == Kind::kUnixStream)
      add(name, {one, other, SOCK_STREAM});
    else if (kind == Kind::kUnixDatagram)
      add(name, {one, other, random_.chance(50) ? SOCK_DGRAM : SOCK_SEQPACKET});
    else
      add(name, {one, other});
  }

  void open_single(std::string_view name, Kind kind) {
    const int slot = free_slot();
    add(name, {slot});
    slots_[slot] = kind;
  }

  void open_eventfd() {
    const int slot = free_slot();
    add("eventfd", {slot, static_cast<std::int64_t>(random_.below(3)),
                    random_.chance(30) ? EFD_SEMAPHORE : 0});
    slots_[slot] = Kind::kEventfd;
  }

  void open_something() {
    switch (random_.below(16)) {
      case 0:
      case 1:
        return open_pair("tcp", Kind::kTcp);
      case 2:
        return open_single("listener", Kind::kListener);
      case 3:
      case 4:
        return open_pair("unix_pair", Kind::kUnixStream);
      case 5:
      case 6:
        return open_pair("unix_pair", Kind::kUnixDatagram);
      case 7:
      case 8:
      case 9:
        return open_pair("pipe", Kind::kPipe);
      case 10:
      case 11:
      case 12:
        return open_eventfd();
      case 13:
      case 14:
        return open_single("timerfd", Kind::kTimerfd);
      default:
        return open_single(random_.chance(50) ? "memfd" : "dev_null", Kind::kUnpollable);
    }
  }

  void connect() {
    const int listener = slot_of(Kind::kListener);
    const int slot = free_slot();
    add("connect", {listener, slot});
    if (slots_[listener] == Kind::kListener) slots_[slot] = Kind::kTcp;
  }

  void accept() {
    const int listener = slot_of(Kind::kListener);
    const int slot = free_slot();
    add("accept", {listener, slot});
    if (slots_[listener] == Kind::kListener) slots_[slot] = Kind::kTcp;
  }

  void dup() {
    const int from = open_slot();
    const int to = free_slot();
    add("dup", {from, to});
    if (slots_[from] != Kind::kNone && slots_[from] != Kind::kRing) slots_[to] = slots_[from];
  }

  void close() {
    const int slot = open_slot();
    add("close", {slot});
    slots_[slot] = Kind::kNone;
  }

  void reset() {
    const int slot = slot_of(Kind::kTcp);
    add("reset", {slot});
    if (slots_[slot] == Kind::kTcp) slots_[slot] = Kind::kNone;
  }

  void fork() { add("fork", {one_of_two()}); }
  void close_in_child() { add("close_in_child", {one_of_two(), any_slot()}); }
  void exit_child() { add("exit_child", {one_of_two()}); }

  void pass() {
    const int socket = unix_slot();
    add("pass",
        {socket, slot_where([](Kind each) { return each != Kind::kNone && !is_unix(each); })});
  }

  void receive() {
    // The generator does not know what will be received, if anything.
    add("receive", {unix_slot(), free_slot()});
  }

  // Traffic.

  std::int64_t size() {
    return static_cast<std::int64_t>(1 + random_.below(random_.chance(80) ? 3 : 100));
  }

  void write() { add("write", {traffic_slot(), size()}); }
  void read() { add("read", {traffic_slot(), size()}); }
  void fill() { add("fill", {traffic_slot()}); }
  void drain() { add("drain", {traffic_slot()}); }
  void shutdown() {
    add("shutdown", {slot_where([](Kind each) { return each == Kind::kTcp || is_unix(each); }),
                     static_cast<std::int64_t>(random_.below(3))});
  }
  void send_out_of_band() { add("send_out_of_band", {slot_of(Kind::kTcp)}); }
  void expire() { add("expire", {slot_of(Kind::kTimerfd)}); }

  // Calls.

  std::int64_t events() {
    constexpr std::array<std::uint32_t, 8> kUsual{
        EPOLLIN,  EPOLLIN | EPOLLOUT,       EPOLLIN | EPOLLRDHUP,
        EPOLLOUT, EPOLLIN | EPOLLPRI,       EPOLLOUT | EPOLLIN | EPOLLRDHUP | EPOLLPRI,
        0,        EPOLLRDNORM | EPOLLWRNORM};
    if (random_.chance(2)) return static_cast<std::int64_t>(random_.bits() & 0xffff'ffff);
    std::uint32_t bits = random_.chance(90) ? random_.pick(kUsual)
                                            : static_cast<std::uint32_t>(random_.bits() & 0x27df);
    if (random_.chance(40)) bits |= EPOLLET;
    if (random_.chance(20)) bits |= EPOLLONESHOT;
    if (random_.chance(8)) bits |= EPOLLEXCLUSIVE;
    if (random_.below(400) == 0) bits |= EPOLLWAKEUP;
    return bits;
  }

  std::int64_t data() {
    return static_cast<std::int64_t>(random_.chance(80) ? steps_.size() : random_.bits());
  }

  int target() {
    if (random_.chance(15)) return instance();
    if (random_.chance(3)) return any_slot();
    return traffic_slot();
  }

  void add_watch() { add("ctl", {instance(), EPOLL_CTL_ADD, target(), events(), data()}); }
  void modify_watch() { add("ctl", {instance(), EPOLL_CTL_MOD, target(), events(), data()}); }
  void delete_watch() { add("ctl", {instance(), EPOLL_CTL_DEL, target(), 0, 0}); }
  // Often the next slot, because that builds long chains.
  void nest() {
    const int outer = instance();
    int inner = instance();
    if (random_.chance(60)) {
      inner = (outer + 1) % kSlots;
      while (slots_[inner] != Kind::kInstance && inner != outer) inner = (inner + 1) % kSlots;
    }
    add("ctl", {outer, EPOLL_CTL_ADD, inner, events(), data()});
  }
  void unnest() { add("ctl", {instance(), EPOLL_CTL_DEL, instance(), 0, 0}); }
  void bad_operation() {
    constexpr std::array<std::int64_t, 4> kBad{0, 4, -1, 0x7fffffff};
    add("ctl", {instance(), random_.pick(kBad), target(), events(), data()});
  }
  void ctl_without_event() {
    add("ctl_without_event",
        {instance(), static_cast<std::int64_t>(random_.below(5)), target(), random_.chance(50)});
  }
  void ctl_on_anything() {
    add("ctl", {any_slot(), static_cast<std::int64_t>(1 + random_.below(3)), any_slot(), events(),
                data()});
  }

  std::int64_t maxevents() {
    constexpr std::array<std::int64_t, 10> kUsual{1, 1, 1, 2, 2, 3, 4, 64, 64, 64};
    constexpr std::array<std::int64_t, 4> kBad{0, -1, 0x7fffffff, 0x7fffffff / 12 + 1};
    return random_.chance(2) ? random_.pick(kBad) : random_.pick(kUsual);
  }

  std::int64_t change() {
    constexpr std::array<std::int64_t, 8> kOps{EPOLL_CTL_MOD, EPOLL_CTL_MOD,  EPOLL_CTL_MOD,
                                               EPOLL_CTL_MOD, EPOLL_CTL_ADD,  EPOLL_CTL_ADD,
                                               EPOLL_CTL_DEL, Change::kUpsert};
    return Change{random_.pick(kOps), target(), static_cast<std::uint32_t>(events()),
                  static_cast<std::uint64_t>(data()) & 0xff}
        .pack();
  }
  void enter() {
    constexpr std::array<std::int64_t, 6> kRoom{0, 1, 2, 3, 64, 64};
    add("enter", {instance(), random_.pick(kRoom), change(), random_.chance(70) ? change() : 0,
                  random_.chance(50) ? change() : 0});
  }
  void post() { add("post", {random_.chance(80) ? instance() : slot_of(Kind::kRing), data()}); }

  // Rings. The data of a watch is its alone.

  void ring() {
    const int slot = free_slot();
    add("ring", {slot});
    slots_[slot] = Kind::kRing;
  }
  void ring_change(std::string_view name, int op) {
    const std::int64_t bits = events() & ~std::int64_t{EPOLLEXCLUSIVE | EPOLLWAKEUP};
    add(name, {slot_of(Kind::kRing), op, traffic_slot(),
               random_.chance(50) ? bits | std::int64_t{EPOLLET} : bits,
               static_cast<std::int64_t>(steps_.size())});
  }
  void add_to_ring() { ring_change(random_.chance(50) ? "ring_ctl" : "ring_enter", EPOLL_CTL_ADD); }
  void change_in_ring() {
    constexpr std::array<std::string_view, 3> kNames{"ring_ctl", "ring_enter", "ring_by_number"};
    const std::string_view name = random_.pick(kNames);
    ring_change(name, random_.chance(75) ? EPOLL_CTL_MOD : EPOLL_CTL_DEL);
  }
  void take_from_ring() {
    if (random_.chance(30))
      return add("ring_take_some",
                 {slot_of(Kind::kRing), static_cast<std::int64_t>(1 + random_.below(3))});
    add("ring_take", {slot_of(Kind::kRing), static_cast<std::int64_t>(random_.below(4))});
  }

  void wait() { add("wait", {instance(), maxevents(), random_.below(300) == 0 ? 1 : 0}); }
  void wait_into() {
    add("wait_into", {instance(), random_.chance(10) ? maxevents() : 64,
                      static_cast<std::int64_t>(random_.below(40))});
  }
  void pwait2() {
    constexpr std::array<std::int64_t, 4> kSeconds{0, 0, -1, INT64_MIN};
    constexpr std::array<std::int64_t, 4> kNanoseconds{0, -1, 1'000'000'000, INT64_MAX};
    const std::int64_t nanoseconds = random_.chance(70) ? 0 : random_.pick(kNanoseconds);
    add("pwait2",
        {instance(), maxevents(), random_.chance(90) ? 0 : random_.pick(kSeconds), nanoseconds});
  }
  void pwait2_unreadable() { add("pwait2_unreadable", {instance(), maxevents()}); }
  void start_wait() { add("start_wait", {one_of_two(), instance(), random_.chance(70) ? 1 : 64}); }
  void interrupt() { add("interrupt", {one_of_two()}); }
  void poll() { add("poll", {}); }

  std::array<Weighted, 40> rules_{{
      {&Generator::create, 6},
      {&Generator::open_something, 24},
      {&Generator::connect, 4},
      {&Generator::accept, 4},
      {&Generator::dup, 20},
      {&Generator::close, 45},
      {&Generator::reset, 3},
      {&Generator::fork, 2},
      {&Generator::close_in_child, 8},
      {&Generator::exit_child, 4},
      {&Generator::pass, 12},
      {&Generator::receive, 10},
      {&Generator::write, 110},
      {&Generator::read, 60},
      {&Generator::fill, 12},
      {&Generator::drain, 40},
      {&Generator::shutdown, 12},
      {&Generator::send_out_of_band, 6},
      {&Generator::expire, 20},
      {&Generator::add_watch, 130},
      {&Generator::modify_watch, 90},
      {&Generator::delete_watch, 30},
      {&Generator::nest, 25},
      {&Generator::unnest, 12},
      {&Generator::bad_operation, 3},
      {&Generator::ctl_without_event, 3},
      {&Generator::ctl_on_anything, 8},
      {&Generator::enter, 100},
      {&Generator::wait, 200},
      {&Generator::wait_into, 15},
      {&Generator::pwait2, 15},
      {&Generator::start_wait, 10},
      {&Generator::interrupt, 4},
      {&Generator::poll, 15},
      {&Generator::pwait2_unreadable, 2},
      {&Generator::post, 40},
      {&Generator::ring, 5},
      {&Generator::add_to_ring, 150},
      {&Generator::change_in_ring, 100},
      {&Generator::take_from_ring, 200},
  }};
  Random random_;
  Slots slots_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> generate_episode(std::uint64_t seed, std::uint64_t episode, std::size_t steps) {
  return Generator(seed, episode).episode(steps);
}

}  // namespace xpoll::fuzz

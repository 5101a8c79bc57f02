// SPDX-License-Identifier: GPL-2.0-only
#include "generator.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <initializer_list>

namespace xpoll_fuzz {
namespace {

constexpr std::uint64_t kChildrenAndWaiters = 2;
constexpr int kPreamblePairs = 5;

class Generator {
 public:
  Generator(std::uint64_t seed, std::uint64_t episode) : random_(seed, episode) { chooseWeights(); }

  std::vector<Step> episode(std::size_t length) {
    add("pollAfterEachStep", {random_.chance(50)});
    const std::uint64_t instances = 2 + random_.below(6);
    for (std::uint64_t i = 0; i < instances; i++) create();
    for (int i = 0; i < kPreamblePairs; i++) openSomething();
    while (steps_.size() < length) next();
    return std::move(steps_);
  }

 private:
  using Rule = void (Generator::*)();
  struct Weighted {
    Rule rule;
    unsigned weight;
  };

  // Each episode does some things often and others never: long runs of one kind of step come to
  // states that an even mixture hardly ever sees.
  void chooseWeights() {
    constexpr std::array<unsigned, 6> kFactors{0, 1, 1, 1, 2, 4};
    for (Weighted& rule : rules_) rule.weight *= random_.pick(kFactors);
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
    Step step{&operationNamed(name), {}};
    std::ranges::copy(arguments, step.arguments.begin());
    steps_.push_back(step);
  }

  // Slots.

  int anySlot() { return static_cast<int>(random_.below(kSlots)); }

  template <typename Wanted>
  int slotWhere(const Wanted& wanted) {
    std::vector<int> found;
    for (int slot = 0; slot < kSlots; slot++)
      if (wanted(slots_[slot])) found.push_back(slot);
    return found.empty() || random_.chance(3) ? anySlot() : found[random_.below(found.size())];
  }

  int slotOf(Kind kind) {
    return slotWhere([kind](Kind each) { return each == kind; });
  }
  int instance() { return slotOf(Kind::kInstance); }
  // Mostly one that nothing is in.
  int freeSlot() {
    return random_.chance(5) ? anySlot() : slotWhere([](Kind each) { return each == Kind::kNone; });
  }
  int openSlot() {
    return slotWhere([](Kind each) { return each != Kind::kNone; });
  }
  int trafficSlot() {
    return slotWhere([](Kind each) {
      return each != Kind::kNone && each != Kind::kInstance && each != Kind::kUnpollable;
    });
  }
  int unixSlot() { return slotWhere(isUnix); }
  std::int64_t oneOfTwo() { return static_cast<std::int64_t>(random_.below(kChildrenAndWaiters)); }

  // Opening.

  void create() {
    const int slot = freeSlot();
    constexpr std::array<std::int64_t, 3> kBad{1, 0x800, -1};
    const bool bad = random_.chance(3);
    add("create", {slot, bad ? random_.pick(kBad) : random_.chance(50) ? EPOLL_CLOEXEC : 0});
    if (!bad) slots_[slot] = Kind::kInstance;
  }

  void openPair(std::string_view name, Kind kind) {
    const int one = freeSlot();
    slots_[one] = kind;
    const int other = freeSlot();
    slots_[other] = kind;
    if (kind == Kind::kUnixStream)
      add(name, {one, other, SOCK_STREAM});
    else if (kind == Kind::kUnixDatagram)
      add(name, {one, other, random_.chance(50) ? SOCK_DGRAM : SOCK_SEQPACKET});
    else
      add(name, {one, other});
  }

  void openSingle(std::string_view name, Kind kind) {
    const int slot = freeSlot();
    add(name, {slot});
    slots_[slot] = kind;
  }

  void openEventfd() {
    const int slot = freeSlot();
    add("eventfd", {slot, static_cast<std::int64_t>(random_.below(3)),
                    random_.chance(30) ? EFD_SEMAPHORE : 0});
    slots_[slot] = Kind::kEventfd;
  }

  void openSomething() {
    switch (random_.below(16)) {
      case 0:
      case 1:
        return openPair("tcp", Kind::kTcp);
      case 2:
        return openSingle("listener", Kind::kListener);
      case 3:
      case 4:
        return openPair("unixPair", Kind::kUnixStream);
      case 5:
      case 6:
        return openPair("unixPair", Kind::kUnixDatagram);
      case 7:
      case 8:
      case 9:
        return openPair("pipe", Kind::kPipe);
      case 10:
      case 11:
      case 12:
        return openEventfd();
      case 13:
      case 14:
        return openSingle("timerfd", Kind::kTimerfd);
      default:
        return openSingle(random_.chance(50) ? "memfd" : "devNull", Kind::kUnpollable);
    }
  }

  void connect() {
    const int listener = slotOf(Kind::kListener);
    const int slot = freeSlot();
    add("connect", {listener, slot});
    if (slots_[listener] == Kind::kListener) slots_[slot] = Kind::kTcp;
  }

  void accept() {
    const int listener = slotOf(Kind::kListener);
    const int slot = freeSlot();
    add("accept", {listener, slot});
    if (slots_[listener] == Kind::kListener) slots_[slot] = Kind::kTcp;
  }

  void dup() {
    const int from = openSlot();
    const int to = freeSlot();
    add("dup", {from, to});
    if (slots_[from] != Kind::kNone) slots_[to] = slots_[from];
  }

  void close() {
    const int slot = openSlot();
    add("close", {slot});
    slots_[slot] = Kind::kNone;
  }

  void reset() {
    const int slot = slotOf(Kind::kTcp);
    add("reset", {slot});
    if (slots_[slot] == Kind::kTcp) slots_[slot] = Kind::kNone;
  }

  void fork() { add("fork", {oneOfTwo()}); }
  void closeInChild() { add("closeInChild", {oneOfTwo(), anySlot()}); }
  void exitChild() { add("exitChild", {oneOfTwo()}); }

  void pass() {
    const int socket = unixSlot();
    add("pass",
        {socket, slotWhere([](Kind each) { return each != Kind::kNone && !isUnix(each); })});
  }

  void receive() {
    // What comes, if anything does, is not known here.
    add("receive", {unixSlot(), freeSlot()});
  }

  // Traffic.

  std::int64_t size() {
    return static_cast<std::int64_t>(1 + random_.below(random_.chance(80) ? 3 : 100));
  }

  void write() { add("write", {trafficSlot(), size()}); }
  void read() { add("read", {trafficSlot(), size()}); }
  void fill() { add("fill", {trafficSlot()}); }
  void drain() { add("drain", {trafficSlot()}); }
  void shutdown() {
    add("shutdown", {slotWhere([](Kind each) { return each == Kind::kTcp || isUnix(each); }),
                     static_cast<std::int64_t>(random_.below(3))});
  }
  void sendOutOfBand() { add("sendOutOfBand", {slotOf(Kind::kTcp)}); }
  void expire() { add("expire", {slotOf(Kind::kTimerfd)}); }

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
    if (random_.chance(3)) return anySlot();
    return trafficSlot();
  }

  void addWatch() { add("ctl", {instance(), EPOLL_CTL_ADD, target(), events(), data()}); }
  void modifyWatch() { add("ctl", {instance(), EPOLL_CTL_MOD, target(), events(), data()}); }
  void deleteWatch() { add("ctl", {instance(), EPOLL_CTL_DEL, target(), 0, 0}); }
  // Often the next one, as that makes chains of many links.
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
  void badOperation() {
    constexpr std::array<std::int64_t, 4> kBad{0, 4, -1, 0x7fffffff};
    add("ctl", {instance(), random_.pick(kBad), target(), events(), data()});
  }
  void ctlWithoutEvent() {
    add("ctlWithoutEvent",
        {instance(), static_cast<std::int64_t>(random_.below(5)), target(), random_.chance(50)});
  }
  void ctlOnAnything() {
    add("ctl",
        {anySlot(), static_cast<std::int64_t>(1 + random_.below(3)), anySlot(), events(), data()});
  }

  std::int64_t maxevents() {
    constexpr std::array<std::int64_t, 10> kUsual{1, 1, 1, 2, 2, 3, 4, 64, 64, 64};
    constexpr std::array<std::int64_t, 4> kBad{0, -1, 0x7fffffff, 0x7fffffff / 12 + 1};
    return random_.chance(2) ? random_.pick(kBad) : random_.pick(kUsual);
  }

  void wait() { add("wait", {instance(), maxevents(), random_.below(300) == 0 ? 1 : 0}); }
  void waitInto() {
    add("waitInto", {instance(), random_.chance(10) ? maxevents() : 64,
                     static_cast<std::int64_t>(random_.below(40))});
  }
  void pwait2() {
    constexpr std::array<std::int64_t, 4> kSeconds{0, 0, -1, INT64_MIN};
    constexpr std::array<std::int64_t, 4> kNanoseconds{0, -1, 1'000'000'000, INT64_MAX};
    const std::int64_t nanoseconds = random_.chance(70) ? 0 : random_.pick(kNanoseconds);
    add("pwait2",
        {instance(), maxevents(), random_.chance(90) ? 0 : random_.pick(kSeconds), nanoseconds});
  }
  void pwait2Unreadable() { add("pwait2Unreadable", {instance(), maxevents()}); }
  void startWait() { add("startWait", {oneOfTwo(), instance(), random_.chance(70) ? 1 : 64}); }
  void interrupt() { add("interrupt", {oneOfTwo()}); }
  void poll() { add("poll", {}); }

  std::array<Weighted, 34> rules_{{
      {&Generator::create, 6},        {&Generator::openSomething, 24},
      {&Generator::connect, 4},       {&Generator::accept, 4},
      {&Generator::dup, 20},          {&Generator::close, 45},
      {&Generator::reset, 3},         {&Generator::fork, 2},
      {&Generator::closeInChild, 8},  {&Generator::exitChild, 4},
      {&Generator::pass, 12},         {&Generator::receive, 10},
      {&Generator::write, 110},       {&Generator::read, 60},
      {&Generator::fill, 12},         {&Generator::drain, 40},
      {&Generator::shutdown, 12},     {&Generator::sendOutOfBand, 6},
      {&Generator::expire, 20},       {&Generator::addWatch, 130},
      {&Generator::modifyWatch, 90},  {&Generator::deleteWatch, 30},
      {&Generator::nest, 25},         {&Generator::unnest, 12},
      {&Generator::badOperation, 3},  {&Generator::ctlWithoutEvent, 3},
      {&Generator::ctlOnAnything, 8}, {&Generator::wait, 200},
      {&Generator::waitInto, 15},     {&Generator::pwait2, 15},
      {&Generator::startWait, 10},    {&Generator::interrupt, 4},
      {&Generator::poll, 15},         {&Generator::pwait2Unreadable, 2},
  }};
  Random random_;
  Slots slots_;
  std::vector<Step> steps_;
};

}  // namespace

std::vector<Step> generateEpisode(std::uint64_t seed, std::uint64_t episode, std::size_t steps) {
  return Generator(seed, episode).episode(steps);
}

}  // namespace xpoll_fuzz

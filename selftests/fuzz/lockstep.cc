// SPDX-License-Identifier: GPL-2.0-only
#include "lockstep.h"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "divergence.h"
#include "util/tcp_state.h"

namespace xpoll::fuzz {
namespace {

constexpr int kNativeDescriptors = 100;
constexpr int kXpollDescriptors = 200;
constexpr std::byte kUnwritten{0xa5};
constexpr std::size_t kEventRoom = 256;

std::string errno_name(int error) {
  const char* name = strerrorname_np(error);
  return name ? name : std::to_string(error);
}

// Whether a wait that returned `value` has written more than its events.
bool writes_behind(std::span<const std::byte> memory, int value) {
  const auto events = static_cast<std::size_t>(std::max(value, 0)) * sizeof(epoll_event);
  return std::ranges::any_of(memory.subspan(events), [](std::byte b) { return b != kUnwritten; });
}

std::string describe(const epoll_event* events, long count) {
  std::string text;
  for (long i = 0; i < count; i++) {
    const std::uint32_t bits = events[i].events;
    const std::uint64_t data = events[i].data.u64;
    text += fmt::format(" {:#x}/{:#x}", bits, data);
  }
  return text;
}

bool is_transient(int tcp_state) {
  return tcp_state == TCP_FIN_WAIT1 || tcp_state == TCP_CLOSING || tcp_state == TCP_LAST_ACK;
}

int tcp_state(int fd) {
  tcp_info info{};
  socklen_t length = sizeof(info);
  checked(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length), "TCP_INFO");
  return info.tcpi_state;
}

}  // namespace

Lockstep::Lockstep(Stage& stage)
    : stage_(stage),
      native_(Backend::native(), kNativeDescriptors),
      xpoll_(stage.second_backend, kXpollDescriptors) {}

Lockstep::~Lockstep() {
  for (auto* waits : {&stage_.native_waits, &stage_.xpoll_waits})
    for (BlockedWait& wait : *waits) {
      if (!wait.busy()) continue;
      if (!wait.returned()) wait.interrupt();
      wait.collect();
    }
}

void Lockstep::compare(std::string_view operation, const Effect& native, const Effect& xpoll) {
  if (native == xpoll) return;
  const auto text = [](const Effect& effect) {
    return effect.value < 0 ? errno_name(effect.error)
                            : fmt::format("{}{}", effect.value, effect.detail);
  };
  throw Divergence(fmt::format("{}: native {}, xpoll {}", operation, text(native), text(xpoll)));
}

void Lockstep::count(std::string_view operation, const Effect& effect) {
  stage_.outcomes.count(operation, effect.value < 0 ? errno_name(effect.error) : kDone);
}

void Lockstep::nothing_to_do(std::string_view operation) {
  stage_.outcomes.count(operation, kNothingToDo);
}

bool Lockstep::both(std::string_view operation, const Call& call) {
  const auto effect_in = [&](World& world) {
    const long value = call(world);
    return Effect{value, value < 0 ? errno : 0, {}};
  };
  const Effect native = effect_in(native_);
  const Effect xpoll = effect_in(xpoll_);
  compare(operation, native, xpoll);
  count(operation, native);
  return native.value >= 0;
}

void Lockstep::wait_in_both(std::string_view operation,
                            const std::function<int(World&, epoll_event*)>& wait,
                            std::span<std::byte> memory) {
  std::array<epoll_event, kEventRoom> own;
  // elsewhere the store of an event may fail half-way
  const bool writable = memory.data() == nullptr;
  if (writable) memory = std::as_writable_bytes(std::span(own));
  auto* const array = reinterpret_cast<epoll_event*>(memory.data());
  const auto effect_in = [&](World& world) {
    // Memory that one world leaves unwritten must not contain what the other one stored.
    std::ranges::fill(memory, kUnwritten);
    const int value = wait(world, array);
    const int error = value < 0 ? errno : 0;
    if (writable && writes_behind(memory, value))
      throw Divergence(
          fmt::format("{}: {} wrote behind its events", operation, world.backend().name()));
    return Effect{value, error, describe(array, value)};
  };
  const Effect native = effect_in(native_);
  const Effect xpoll = effect_in(xpoll_);
  compare(operation, native, xpoll);
  if (native.value < 0) return count(operation, native);
  stage_.outcomes.count(operation,
                        native.value > 4 ? "more events" : fmt::format("{} events", native.value));
  for (long i = 0; i < native.value; i++)
    for (std::uint32_t bits = array[i].events; bits; bits &= bits - 1)
      stage_.outcomes.count("event bits", fmt::format("{:#x}", bits & -bits));
}

void Lockstep::open(std::string_view operation, Placed slots,
                    const std::function<std::vector<unique_fd>(World&)>& make) {
  Effects effects;
  for (const auto& [slot, kind] : slots) {
    const Effects each = effects_of_close({slot});
    effects.packets |= each.packets || kind == Kind::kTcp;
    effects.closes |= each.closes;
  }
  for (World* world : {&native_, &xpoll_}) {
    std::vector<unique_fd> made = make(*world);
    std::size_t next = 0;
    for (const auto& [slot, kind] : slots) {
      world->place(slot, std::move(made[next++]));
      slots_[slot] = kind;
      if (kind == Kind::kTcp) tcp_used_ = true;
      // Two closes may wake a waiter twice. It must run in between, in both worlds.
      settle_waits();
    }
  }
  stage_.outcomes.count(operation, kDone);
  finish(effects);
}

int Lockstep::blocked_waits() const {
  return static_cast<int>(std::ranges::count_if(stage_.native_waits, &BlockedWait::busy));
}

void Lockstep::finish(Effects effects) {
  if (effects.packets) settle_traffic();
  settle_waits();
  compare_waits();
  note_ready_in_rings();
  if (poll_after_each_step_) compare_readiness();
  if (effects.closes) compare_all_fdinfo();
}

void Lockstep::finish_watches(int instance) {
  finish();
  compare_fdinfo(instance);
}

Effects Lockstep::effects_of_data(int slot) const {
  const bool may_hold_descriptors = passed_ && is_unix(slots_[slot]);
  return {.packets = slots_[slot] == Kind::kTcp || may_hold_descriptors,
          .closes = may_hold_descriptors};
}

Effects Lockstep::effects_of_close(std::initializer_list<int> slots) const {
  Effects effects;
  for (const int slot : slots) {
    effects.packets |= effects_of_data(slot).packets || slots_[slot] == Kind::kListener;
    effects.closes |= slots_[slot] != Kind::kNone;
  }
  return effects;
}

// The last effect of a FIN on its sender is the peer's acknowledgment, which may arrive late.
bool Lockstep::tcp_at_rest() {
  for (int slot = 0; slot < kSlots; slot++) {
    if (slots_[slot] != Kind::kTcp) continue;
    const int native = tcp_state(native_.fd(slot));
    const int xpoll = tcp_state(xpoll_.fd(slot));
    if (native != xpoll || is_transient(native)) return false;
  }
  return true;
}

void Lockstep::hurry_tcp() {
  const int on = 1;
  for (int slot = 0; slot < kSlots; slot++)
    if (slots_[slot] == Kind::kTcp)
      for (const World* world : {&native_, &xpoll_})
        setsockopt(world->fd(slot), IPPROTO_TCP, TCP_QUICKACK, &on, sizeof(on));
  stage_.barrier.pass();
}

void Lockstep::settle_traffic() {
  if (!tcp_used_) return;
  stage_.barrier.pass();
  wait_for_rest(
      "TCP", [this] { return tcp_at_rest(); }, [this] { hurry_tcp(); });
}

// A wait that returns may wake another waiter that was found asleep before it.
void Lockstep::settle_waits() {
  for (auto* waits : {&stage_.native_waits, &stage_.xpoll_waits}) {
    const auto returned = [&] { return std::ranges::count_if(*waits, &BlockedWait::returned); };
    long before = 0;
    do {
      before = returned();
      for (const BlockedWait& wait : *waits) wait.settle();
    } while (returned() != before);
  }
}

void Lockstep::compare_waits() {
  const auto ended = [](std::array<BlockedWait, kWaiters>& waits) {
    std::vector<std::string> results;
    for (BlockedWait& wait : waits) {
      if (!wait.returned()) continue;
      const WaitResult result = wait.collect();
      results.push_back(
          result.value < 0
              ? errno_name(result.error)
              : fmt::format("{}:{}", result.value, describe(result.events.data(), result.value)));
    }
    std::ranges::sort(results);
    return fmt::format("{}", fmt::join(results, "; "));
  };
  const int blocked = blocked_waits();
  if (blocked == 0) return;
  const std::string native = ended(stage_.native_waits);
  const std::string xpoll = ended(stage_.xpoll_waits);
  if (native != xpoll)
    throw Divergence(fmt::format("ended waits: native [{}], xpoll [{}]", native, xpoll));
  const int left = blocked_waits();
  stage_.outcomes.count("blocked waits",
                        fmt::format("{} of {} ended by a step", blocked - left, blocked));
  // The event that ended a wait may have disarmed a oneshot watch.
  if (left != blocked) compare_all_fdinfo();
}

std::string Lockstep::poll_instances(World& world) {
  std::vector<pollfd> polled;
  for (int slot = 0; slot < kSlots; slot++)
    if (slots_[slot] == Kind::kInstance)
      polled.push_back({.fd = world.fd(slot), .events = 0x7ff, .revents = 0});
  checked(::poll(polled.data(), polled.size(), 0), "poll");
  std::string text;
  for (const pollfd& each : polled)
    text += fmt::format(" {:#x}", static_cast<unsigned>(each.revents));
  return text;
}

void Lockstep::compare_readiness() {
  if (!slots_.any(Kind::kInstance)) return;
  const std::string native = poll_instances(native_);
  const std::string xpoll = poll_instances(xpoll_);
  if (native != xpoll)
    throw Divergence(fmt::format("poll of the instances: native{}, xpoll{}", native, xpoll));
}

void Lockstep::compare_fdinfo(int slot) {
  if (slots_[slot] != Kind::kInstance) return;
  const std::vector<Watch> native = native_.watches(slot);
  const std::vector<Watch> xpoll = xpoll_.watches(slot);
  if (native != xpoll)
    throw Divergence(fmt::format("fdinfo of slot {}:\nnative:\n{}xpoll:\n{}", slot,
                                 to_string(native), to_string(xpoll)));
}

void Lockstep::compare_all_fdinfo() {
  for (int slot = 0; slot < kSlots; slot++) compare_fdinfo(slot);
}

}  // namespace xpoll::fuzz

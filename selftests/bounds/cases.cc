// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/xpoll.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bit>
#include <cstdint>
#include <memory>

#include "subject.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/close_removes.h"
#include "util/cookie.h"
#include "util/enter.h"
#include "util/extended.h"
#include "util/ring.h"

namespace xpoll::test {
namespace {

void read_all(const std::string& path) {
  const unique_fd file = checked_fd(open(path.c_str(), O_RDONLY | O_CLOEXEC), "open");
  std::vector<char> text(1 << 16);
  while (checked(static_cast<int>(read(file.get(), text.data(), text.size())), "read") > 0)
    continue;
}

void add_to(int fd, eventfd_t count = 1) { checked(eventfd_write(fd, count), "eventfd_write"); }
void empty(int fd) {
  eventfd_t count = 0;
  eventfd_read(fd, &count);
}
void wait_for(const Subject& subject, int ep, int events) {
  std::vector<epoll_event> array(static_cast<std::size_t>(events));
  checked(subject.backend().wait(ep, array.data(), events, 0), "wait");
}

void ctl_add(Subject& s) {
  const int ep = s.instance();
  s.watch_files(ep);
  const int fd = s.file();
  s.prepare = [&s, ep, fd] { s.backend().del(ep, fd); };
  s.call = [&s, ep, fd] { s.watch(ep, fd); };
}

void ctl_add_dup(Subject& s) {
  const int ep = s.instance();
  const int fd = s.file();
  for (int i = 0; i < s.size(); ++i) s.watch(ep, s.dup_of(fd));
  s.prepare = [&s, ep, fd] { s.backend().del(ep, fd); };
  s.call = [&s, ep, fd] { s.watch(ep, fd); };
}

void ctl_mod(Subject& s) {
  const int ep = s.instance();
  const int fd = s.watch_files(ep).front();
  s.call = [&s, ep, fd] { checked(s.backend().mod(ep, fd, EPOLLIN), "mod"); };
}

void ctl_del(Subject& s) {
  const int ep = s.instance();
  const int fd = s.watch_files(ep).front();
  s.prepare = [&s, ep, fd] { s.backend().add(ep, fd, EPOLLIN); };
  s.call = [&s, ep, fd] { checked(s.backend().del(ep, fd), "del"); };
}

void nest(Subject& s, int outer, int inner) {
  s.prepare = [&s, outer, inner] { s.backend().del(outer, inner); };
  s.call = [&s, outer, inner] { s.watch(outer, inner); };
}

void nested_add_files_below(Subject& s) {
  const int inner = s.instance();
  s.watch_files(inner);
  nest(s, s.instance(), inner);
}

void nested_add_instances_below(Subject& s) {
  const int inner = s.instance();
  for (int i = 0; i < s.size(); ++i) s.watch(inner, s.instance());
  nest(s, s.instance(), inner);
}

void nested_add_watchers_above(Subject& s) {
  const int outer = s.instance();
  for (int i = 0; i < s.size(); ++i) s.watch(s.instance(), outer);
  nest(s, outer, s.instance());
}

void wait_one_ready(Subject& s) {
  const int ep = s.instance();
  add_to(s.watch_files(ep).front());
  s.call = [&s, ep] { wait_for(s, ep, 1); };
}

void wait_all_ready(Subject& s) {
  const int ep = s.instance();
  s.watch_files(ep, 1);
  s.call = [&s, ep] { wait_for(s, ep, s.size()); };
}

std::function<void()> list_idle(const std::vector<int>& fds) {
  return [fds] {
    for (const int fd : fds) add_to(fd);
    for (const int fd : fds) empty(fd);
  };
}

void wait_all_idle(Subject& s) {
  const int ep = s.instance();
  s.prepare = list_idle(s.watch_files(ep));
  s.call = [&s, ep] { wait_for(s, ep, 1); };
}

void poll_all_idle(Subject& s) {
  const int ep = s.instance();
  s.prepare = list_idle(s.watch_files(ep));
  s.call = [ep] {
    pollfd fd{.fd = ep, .events = POLLIN, .revents = 0};
    checked(::poll(&fd, 1, 0), "poll");
  };
}

void wait_for_a_minimum(Subject& s) {
  const int ep = s.instance();
  s.watch_files(ep, 1);
  s.call = [&s, ep] {
    Enter enter(ep, {}, static_cast<std::size_t>(s.size()) + 1);
    enter.arguments.minevents = static_cast<__u32>(s.size()) + 1;
    enter.arguments.timeout_ns = 0;
    checked(enter.call(), "XPOLL_IOC_ENTER");
  };
}

void enter_changes(Subject& s) {
  const int ep = s.instance();
  std::vector<struct xpoll_change> changes;
  for (const int fd : s.watch_files(ep)) changes.push_back(change_of(EPOLL_CTL_MOD, fd, EPOLLOUT));
  s.call = [ep, changes] {
    Enter enter(ep, changes);
    enter.arguments.maxevents = 0;
    checked(enter.call(), "XPOLL_IOC_ENTER");
  };
}

void change_by_cookie_of_many(Subject& s) {
  const int ep = s.instance();
  std::uint64_t cookie = 0;
  for (int i = 0; i < s.size(); ++i) cookie = *add_with_cookie(ep, s.file());
  s.call = [ep, cookie] { checked(mod_by_cookie(ep, cookie, EPOLLIN), "mod"); };
}

void wake_up_of_watches(Subject& s) {
  const int ep = s.instance();
  const int fd = s.file();
  for (int i = 0; i < s.size(); ++i) s.watch(ep, s.dup_of(fd), EPOLLIN | EPOLLET);
  s.call = [fd] { add_to(fd); };
}

void wake_up_of_instances(Subject& s) {
  const int fd = s.file();
  for (int i = 0; i < s.size(); ++i) s.watch(s.instance(), fd, EPOLLIN | EPOLLET);
  s.call = [fd] { add_to(fd); };
}

void post_below_instances(Subject& s) {
  const int ep = s.instance();
  for (int i = 0; i < s.size(); ++i) s.watch(s.instance(), ep);
  s.call = [ep] {
    const std::uint64_t data = 1;
    checked(ioctl(ep, XPOLL_IOC_POST, &data), "XPOLL_IOC_POST");
  };
}

// Up from the instance each path has four links.
void post_below_a_wide_graph(Subject& s) {
  const int bottom = s.instance();
  const auto post_event = [bottom] {
    const std::uint64_t data = 1;
    checked(ioctl(bottom, XPOLL_IOC_POST, &data), "XPOLL_IOC_POST");
  };
  post_event();
  std::vector<int> below{bottom};
  for (int level = 0; level < 4; ++level) {
    std::vector<int> above;
    for (int i = 0; i < s.size(); ++i) {
      above.push_back(s.instance());
      for (const int fd : below) s.backend().add(above.back(), fd, EPOLLIN);
    }
    below = above;
  }
  s.call = post_event;
}

void last_close(Subject& s) {
  const int ep = s.instance();
  const auto fd = std::make_shared<unique_fd>();
  s.prepare = [&s, ep, fd] {
    *fd = make_eventfd();
    std::vector<unique_fd> dups;
    for (int i = 0; i < s.size(); ++i) {
      dups.push_back(checked_fd(dup(fd->get()), "dup"));
      s.watch(ep, dups.back().get());
    }
  };
  s.call = [fd] { fd->reset(); };
}

void release(Subject& s) {
  const auto ep = std::make_shared<unique_fd>();
  std::vector<int> fds;
  for (int i = 0; i < s.size(); ++i) fds.push_back(s.file());
  s.prepare = [&s, ep, fds] {
    *ep = s.backend().instance();
    for (const int fd : fds) s.watch(ep->get(), fd);
  };
  s.call = [ep] { ep->reset(); };
}

void close_of_a_dup(Subject& s, int ep) {
  s.watch_files(ep);
  const int fd = s.file();
  const auto number = std::make_shared<unique_fd>();
  s.prepare = [fd, number] { *number = checked_fd(dup(fd), "dup"); };
  s.call = [number] { number->reset(); };
}

void unwatched_close(Subject& s) { close_of_a_dup(s, s.instance()); }

void unwatched_close_among_owned(Subject& s) {
  close_of_a_dup(s, s.keep(create_instance(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES)));
}

// One file's numbers, all of which end with their descriptor.
void close_of_an_owned_number(Subject& s) {
  const int ep = s.keep(create_instance(XPOLL_CLOEXEC | XPOLL_CREATE_CLOSE_REMOVES));
  const int fd = s.file();
  for (int i = 0; i < s.size(); ++i) s.watch(ep, s.dup_of(fd));
  const auto number = std::make_shared<unique_fd>();
  s.prepare = [&s, ep, fd, number] {
    *number = checked_fd(dup(fd), "dup");
    s.watch(ep, number->get());
  };
  s.call = [number] { number->reset(); };
}

void wait_all_removed(Subject& s) {
  const int ep = s.instance();
  const int fd = s.file();
  s.prepare = [&s, ep, fd] {
    for (int i = 0; i < s.size(); ++i) {
      add_with_cookie(ep, fd, EPOLLIN, 1, XPOLL_CHANGE_REMOVED).value();
      checked(s.backend().del(ep, fd), "del");
    }
  };
  s.call = [&s, ep] { wait_for(s, ep, s.size()); };
}

void wait_extended(Subject& s) {
  const int ep = s.instance();
  s.watch_files(ep, 1);
  s.call = [&s, ep] {
    checked(ExtendedWait(ep, static_cast<std::size_t>(s.size())).call(), "XPOLL_IOC_ENTER");
  };
}

void fdinfo(Subject& s) {
  const int ep = s.instance();
  s.watch_files(ep);
  s.call = [ep] { read_all(fmt::format("/proc/self/fdinfo/{}", ep)); };
}

void stats_of_an_instance(Subject& s) {
  const int ep = s.instance();
  s.watch_files(ep);
  s.call = [ep] {
    struct xpoll_stats stats {};
    checked(ioctl(ep, XPOLL_IOC_STATS, &stats), "XPOLL_IOC_STATS");
  };
}

// A ring of `size()` slots or a few more, of which all but that of POST have a watch.
std::shared_ptr<RingInstance> ring_of(Subject& s, std::uint32_t events, unsigned count) {
  const std::uint32_t slots = std::bit_ceil(static_cast<unsigned>(s.size()));
  auto ring = std::make_shared<RingInstance>(slots);
  for (std::uint32_t i = 1; i < slots; ++i) s.watch(ring->get(), s.file(count), events);
  return ring;
}

void post_to(const RingInstance& ring) {
  const std::uint64_t data = 1;
  checked(ioctl(ring.get(), XPOLL_IOC_POST, &data), "XPOLL_IOC_POST");
}

// What the kernel believes: as many entries as there can be, none of which is one any more.
std::function<void()> hostile_head(const std::shared_ptr<RingInstance>& ring) {
  const std::uint32_t most = 2 * ring->header().slots;
  for (std::uint32_t i = 0; i < most; ++i) {
    post_to(*ring);
    ring->take();
  }
  return [ring, most] { ring->header().head = ring->header().tail - most; };
}

void ring_enter_level(Subject& s) {
  const auto ring = ring_of(s, EPOLLIN, 1);
  s.prepare = [ring] { ring->take(); };
  s.call = [ring] { checked(ring->enter(), "XPOLL_IOC_ENTER"); };
}

void ring_wait_level(Subject& s) {
  const auto ring = ring_of(s, EPOLLIN, 1);
  s.call = [&s, ring] { wait_for(s, ring->get(), s.size()); };
}

void ring_enter_hostile(Subject& s) {
  const auto ring = ring_of(s, EPOLLIN, 0);
  s.prepare = hostile_head(ring);
  s.call = [ring] { checked(ring->enter(), "XPOLL_IOC_ENTER"); };
}

void ring_wait_hostile(Subject& s) {
  const auto ring = ring_of(s, EPOLLIN | EPOLLET, 0);
  s.prepare = hostile_head(ring);
  s.call = [&s, ring] { wait_for(s, ring->get(), 1); };
}

void ring_post_hostile(Subject& s) {
  const auto ring = ring_of(s, EPOLLIN | EPOLLET, 0);
  s.prepare = hostile_head(ring);
  s.call = [ring] { post_to(*ring); };
}

// Each slot is owned by a consumer that never gives it up, and its watch has ended.
void ring_add_among_owned(Subject& s) {
  const auto ring = ring_of(s, EPOLLIN | EPOLLET, 1);
  struct xpoll_ring_event event {};
  while (xpoll_ring_own(ring->ring(), &event))
    checked(ring->del_slot(static_cast<int>(event.slot)), "del");
  // one is given up, so that there is one for the call
  ring->bits(1) = 0;
  const int fd = s.file();
  s.prepare = [&s, ring, fd] { s.backend().del(ring->get(), fd); };
  s.call = [&s, ring, fd] { checked(s.backend().add(ring->get(), fd, EPOLLIN), "add"); };
}

// Opens an instance that joins a group of `size()` instances.
std::function<unique_fd()> group_of(Subject& s, int& device) {
  device = s.keep(open_device());
  const auto group = static_cast<__u32>(checked(ioctl(device, XPOLL_IOC_GROUP), "XPOLL_IOC_GROUP"));
  const auto create = [device, group] {
    const struct xpoll_create create { .flags = XPOLL_CLOEXEC, .group = group };
    return checked_fd(ioctl(device, XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
  };
  for (int i = 0; i < s.size(); ++i) s.keep(create());
  return create;
}

void create_in_a_group(Subject& s) {
  int device = -1;
  const auto create = group_of(s, device);
  const auto created = std::make_shared<unique_fd>();
  s.prepare = [created] { created->reset(); };
  s.call = [create, created] { *created = create(); };
}

void stats_of_a_group(Subject& s) {
  int device = -1;
  group_of(s, device);
  s.call = [device] {
    struct xpoll_stats stats {};
    checked(ioctl(device, XPOLL_IOC_STATS, &stats), "XPOLL_IOC_STATS");
  };
}

}  // namespace

int Subject::file(unsigned count) { return keep(make_eventfd(count)); }

std::vector<int> Subject::watch_files(int ep, unsigned count) {
  std::vector<int> fds;
  for (int i = 0; i < size_; ++i) {
    fds.push_back(file(count));
    watch(ep, fds.back());
  }
  return fds;
}

const std::vector<Case>& cases() {
  constexpr int kMany = 10'000;
  constexpr int kChanges = 4'000;  // XPOLL_CHANGES_MAX is 4096
  constexpr int kPaths = 500;
  constexpr int kRingSlots = 8'000;
  constexpr int kNumbers = 250;  // a file may have 256
  static const std::vector<Case> all{
      {"ctl_add", "watches", true, {}, kMany, ctl_add},
      {"ctl_add_dup", "dups watched", true, {}, kMany, ctl_add_dup},
      {"ctl_mod", "watches", true, {}, kMany, ctl_mod},
      {"ctl_del", "watches", true, {}, kMany, ctl_del},
      {"change_by_cookie", "watches", false, Growth::kNone, kMany, change_by_cookie_of_many},
      {"enter_changes", "changes", false, Growth::kLinear, kChanges, enter_changes},
      {"nested_add_files", "files below", true, {}, kMany, nested_add_files_below},
      {"nested_add_instances", "instances below", true, {}, kMany, nested_add_instances_below},
      {"nested_add_watchers", "watchers above", true, {}, kMany, nested_add_watchers_above},
      {"wait_one_ready", "watches", true, {}, kMany, wait_one_ready},
      {"wait_all_ready", "events", true, {}, kMany, wait_all_ready},
      {"wait_all_idle", "idle on the list", true, {}, kMany, wait_all_idle},
      {"wait_minimum", "events", false, Growth::kLinear, kMany, wait_for_a_minimum},
      {"poll_all_idle", "idle on the list", true, {}, kMany, poll_all_idle},
      {"wake_watches", "dups watched", true, {}, kMany, wake_up_of_watches},
      {"wake_instances", "instances", true, {}, kMany, wake_up_of_instances},
      {"post_instances", "watchers", false, Growth::kLinear, kPaths, post_below_instances},
      {"post_wide_graph", "width", false, Growth::kNone, 40, post_below_a_wide_graph},
      {"last_close", "watches of it", true, {}, kMany, last_close},
      {"release", "watches", true, {}, kMany, release},
      {"unwatched_close", "watches of others", true, {}, kMany, unwatched_close},
      {"unwatched_close_owned", "owned watches", false, Growth::kNone, kMany,
       unwatched_close_among_owned},
      {"close_owned", "numbers owned", false, Growth::kLinear, kNumbers, close_of_an_owned_number},
      {"wait_all_removed", "ends", false, Growth::kLinear, kMany, wait_all_removed},
      {"wait_extended", "events", false, Growth::kLinear, kMany, wait_extended},
      {"fdinfo", "watches", true, {}, kMany, fdinfo},
      {"stats", "watches", false, Growth::kNone, kMany, stats_of_an_instance},
      {"ring_enter_level", "slots", false, Growth::kLinear, kRingSlots, ring_enter_level},
      {"ring_wait_level", "slots", false, Growth::kLinear, kRingSlots, ring_wait_level},
      {"ring_enter_hostile", "slots", false, Growth::kNone, kRingSlots, ring_enter_hostile},
      {"ring_wait_hostile", "slots", false, Growth::kLinear, kRingSlots, ring_wait_hostile},
      {"ring_post_hostile", "slots", false, Growth::kNone, kRingSlots, ring_post_hostile},
      {"ring_add_owned", "owned slots", false, Growth::kNone, kRingSlots, ring_add_among_owned},
      {"group_create", "instances", false, Growth::kNone, kMany, create_in_a_group},
      {"group_stats", "instances", false, Growth::kLinear, kMany, stats_of_a_group},
  };
  return all;
}

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// Watches that end with their descriptor, and cookies. Native epoll has neither: there a program
// ends the watch before it closes the descriptor, and changes a watch by its descriptor.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include "each_backend.h"
#include "registry.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

using xpoll::checked;
using xpoll::unique_fd;

constexpr int kWatches = 64;
constexpr int kWatchesToChange = 1'000;
constexpr int kDescriptorsAtExit = 4'000;
constexpr int kDescriptorsOfAFile = 250;  // a file may have 256 of these watches

unique_fd new_instance() {
  return xpoll::checked_fd(xpoll_create1(EPOLL_CLOEXEC), "xpoll_create1");
}

void change(int epfd, struct xpoll_change& change) {
  checked(ioctl(epfd, XPOLL_IOC_CHANGE, &change), "XPOLL_IOC_CHANGE");
}

struct xpoll_change addition(int fd, unsigned flags) {
  struct xpoll_change add {};
  add.op = EPOLL_CTL_ADD;
  add.flags = static_cast<__u16>(flags);
  add.fd = fd;
  add.events = EPOLLIN;
  return add;
}

void add_native(int epfd, int fd) {
  epoll_event event{.events = EPOLLIN, .data = {.fd = fd}};
  checked(epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

/// ADD, with a cookie and the end with the descriptor, by one call for each and by one for all.
void register_add(const Settings& settings, Kind kind) {
  const std::string name = fmt::format("watch_add_{}", kind_name(kind));
  const auto add = [&](const char* backend, auto create, auto work) {
    add_benchmark(settings, name, backend, [=](benchmark::State& state) {
      const WatchedSet& set = kept_set(kind, kWatches);
      std::optional<unique_fd> instance;
      Measurement measurement(state, settings, kWatches);
      measurement.settle_between_rounds();
      measurement.run([&] { instance = create(); }, [&] { work(instance->get(), set); },
                      [&] { instance.reset(); });
    });
  };
  constexpr unsigned kFlags = XPOLL_CHANGE_CLOSE | XPOLL_CHANGE_COOKIE;
  add(
      "epoll", [] { return xpoll::checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1"); },
      [](int instance, const WatchedSet& set) {
        for (int i = 0; i < kWatches; ++i) add_native(instance, set[i]);
      });
  add("xpoll", new_instance, [](int instance, const WatchedSet& set) {
    for (int i = 0; i < kWatches; ++i) {
      struct xpoll_change one = addition(set[i], kFlags);
      change(instance, one);
    }
  });
  add("xpoll_enter", new_instance, [](int instance, const WatchedSet& set) {
    std::array<struct xpoll_change, kWatches> all{};
    for (int i = 0; i < kWatches; ++i) all[i] = addition(set[i], kFlags);
    struct xpoll_enter call {};
    call.changes = reinterpret_cast<std::uintptr_t>(all.data());
    call.nchanges = kWatches;
    checked(ioctl(instance, XPOLL_IOC_ENTER, &call), "XPOLL_IOC_ENTER");
    if (call.failed != 0) throw std::runtime_error("a change failed");
  });
}

/// The end of watches of descriptors whose files stay open.
template <typename Add, typename End>
void measure_end(benchmark::State& state, const Settings& settings, Add add, End end) {
  std::vector<unique_fd> files;
  for (int i = 0; i < kWatches; ++i) files.push_back(xpoll::make_eventfd());
  std::vector<int> numbers(kWatches);
  Measurement measurement(state, settings, kWatches);
  measurement.settle_between_rounds();
  measurement.run(
      [&] {
        for (int i = 0; i < kWatches; ++i) {
          numbers[i] = checked(dup(files[i].get()), "dup");
          add(numbers[i]);
        }
      },
      [&] {
        for (const int number : numbers) end(number);
      },
      [] {});
}

void register_end(const Settings& settings) {
  add_benchmark(settings, "watch_end", "epoll", [=](benchmark::State& state) {
    const unique_fd instance = xpoll::checked_fd(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    measure_end(
        state, settings, [&](int number) { add_native(instance.get(), number); },
        [&](int number) {
          epoll_ctl(instance.get(), EPOLL_CTL_DEL, number, nullptr);
          close(number);
        });
  });
  add_benchmark(settings, "watch_end", "xpoll", [=](benchmark::State& state) {
    const unique_fd instance = new_instance();
    measure_end(
        state, settings,
        [&](int number) {
          struct xpoll_change add = addition(number, XPOLL_CHANGE_CLOSE);
          change(instance.get(), add);
        },
        [](int number) { close(number); });
  });
}

/// Changes by descriptor and by cookie, by the same call.
void register_changes(const Settings& settings, Kind kind, const char* what, int op) {
  for (const bool by_cookie : {false, true})
    add_benchmark(settings, fmt::format("watch_{}_{}", what, kind_name(kind)),
                  by_cookie ? "by_cookie" : "by_number", [=](benchmark::State& state) {
                    const WatchedSet& set = kept_set(kind, kWatchesToChange);
                    std::optional<unique_fd> instance;
                    std::vector<struct xpoll_change> changes(kWatchesToChange);
                    Measurement measurement(state, settings, kWatchesToChange);
                    measurement.settle_between_rounds();
                    measurement.run(
                        [&] {
                          instance = new_instance();
                          for (int i = 0; i < kWatchesToChange; ++i) {
                            struct xpoll_change add = addition(set[i], XPOLL_CHANGE_COOKIE);
                            change(instance->get(), add);
                            changes[i] = addition(set[i], 0);
                            changes[i].op = static_cast<__u16>(op);
                            if (!by_cookie) continue;
                            changes[i].flags = XPOLL_CHANGE_COOKIE;
                            changes[i].fd = static_cast<int>(add.data);
                            changes[i].result = static_cast<int>(add.data >> 32);
                          }
                        },
                        [&] {
                          for (struct xpoll_change& made : changes) change(instance->get(), made);
                        },
                        [&] { instance.reset(); });
                  });
}

/// In a child of a fork: watches many descriptors of files that it alone has open, and ends when
/// told so.
[[noreturn]] void be_watched(int instance, unsigned flags, const xpoll::Pipe& told,
                             const xpoll::Pipe& tell) {
  char byte = 0;
  unique_fd file;
  for (int i = 0; i < kDescriptorsAtExit; ++i) {
    if (i % kDescriptorsOfAFile == 0) file = xpoll::make_eventfd();
    struct xpoll_change add = addition(dup(file.get()), flags);
    if (ioctl(instance, XPOLL_IOC_CHANGE, &add) < 0) _exit(1);
  }
  if (write(tell.writer.get(), &byte, 1) < 0 || read(told.reader.get(), &byte, 1) < 0) _exit(1);
  _exit(0);
}

void exit_with_watches(benchmark::State& state, const Settings& settings, unsigned flags) {
  const unique_fd instance = new_instance();
  pid_t child = 0;
  unique_fd go;
  Measurement measurement(state, settings, kDescriptorsAtExit);
  measurement.settle_between_rounds();
  measurement.run(
      [&] {
        xpoll::Pipe to_child = xpoll::make_pipe(O_CLOEXEC);
        xpoll::Pipe to_parent = xpoll::make_pipe(O_CLOEXEC);
        child = checked(fork(), "fork");
        if (child == 0) be_watched(instance.get(), flags, to_child, to_parent);
        go = std::move(to_child.writer);
        to_parent.writer.reset();
        char byte = 0;
        if (read(to_parent.reader.get(), &byte, 1) != 1)
          throw std::runtime_error("the child failed");
      },
      [&] {
        xpoll::write_all(go, "x");
        checked(waitpid(child, nullptr, 0), "waitpid");
      },
      [] {});
}

/// A close that concerns no watch.
void close_unrelated(benchmark::State& state, const Settings& settings, bool hooked) {
  if (hooked) {
    const unique_fd instance = new_instance();
    const unique_fd file = xpoll::make_eventfd();
    struct xpoll_change add = addition(file.get(), XPOLL_CHANGE_CLOSE);
    change(instance.get(), add);
  }
  drop_kept_instance();
  const unique_fd file = xpoll::make_eventfd();
  std::vector<int> numbers(kWatches);
  Measurement(state, settings, kWatches)
      .run(
          [&] {
            for (int& number : numbers) number = checked(dup(file.get()), "dup");
          },
          [&] {
            for (const int number : numbers) close(number);
          },
          [] {});
}

}  // namespace

void register_watch(const Settings& settings) {
  if (!settings.xpoll || settings.calls) return;
  // First, since the hook is attached by what comes after it, and stays.
  for (const bool hooked : {false, true})
    add_benchmark(settings, "watch_unrelated_close", hooked ? "hooked" : "unhooked",
                  [=](auto& state) { close_unrelated(state, settings, hooked); });
  for (const Kind kind : {Kind::kEventfd, Kind::kUnix, Kind::kTcp}) {
    register_add(settings, kind);
    register_changes(settings, kind, "mod", EPOLL_CTL_MOD);
    register_changes(settings, kind, "del", EPOLL_CTL_DEL);
  }
  register_end(settings);
  add_benchmark(
      settings, "watch_exit", "plain", [=](auto& state) { exit_with_watches(state, settings, 0); },
      kDescriptorsAtExit);
  add_benchmark(
      settings, "watch_exit", "flagged",
      [=](auto& state) { exit_with_watches(state, settings, XPOLL_CHANGE_CLOSE); },
      kDescriptorsAtExit);
}

}  // namespace bench

// SPDX-License-Identifier: GPL-2.0-only
// The cost of a wake-up for its originator while threads sleep in a wait, by wake policy: with one
// shared instance, and with an instance per thread and an EXCLUSIVE watch. Without threads nothing
// is woken.
#include <fcntl.h>
#include <linux/xpoll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <fstream>
#include <list>
#include <string>
#include <thread>
#include <vector>

#include "each_backend.h"
#include "registry.h"
#include "tools/util/bpf_program.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/kept.h"
#include "util/measure.h"

namespace bench {
namespace {

using xpoll::checked;
using xpoll::unique_fd;

enum class Policy { kNone, kNative, kRoundRobin, kLeastLoaded, kBpf };

struct Named {
  Policy policy;
  const char* name;
};

constexpr std::array kPolicies{Named{Policy::kNone, "none"}, Named{Policy::kNative, "native"},
                               Named{Policy::kRoundRobin, "round-robin"},
                               Named{Policy::kLeastLoaded, "least-loaded"},
                               Named{Policy::kBpf, "bpf"}};

std::uint32_t number_of(Policy policy) {
  switch (policy) {
    case Policy::kRoundRobin:
      return XPOLL_WAKE_ROUND_ROBIN;
    case Policy::kLeastLoaded:
      return XPOLL_WAKE_LEAST_LOADED;
    case Policy::kBpf:
      return XPOLL_WAKE_BPF;
    case Policy::kNone:
    case Policy::kNative:
      break;
  }
  return XPOLL_WAKE_NATIVE;
}

void set_policy(const unique_fd& fd, Policy policy) {
  if (policy == Policy::kNone) return;
  unique_fd program;
  if (policy == Policy::kBpf) program = xpoll::bpf::load_constant(0);
  const xpoll_wake wake{.policy = number_of(policy),
                        .prog_fd = program.valid() ? program.get() : 0,
                        .heartbeat_ns = 0,
                        .reserved = {}};
  checked(ioctl(fd.get(), XPOLL_IOC_WAKE, &wake), "XPOLL_IOC_WAKE");
}

unique_fd open_device() {
  return xpoll::checked_fd(open("/dev/xpoll", O_RDWR | O_CLOEXEC), "/dev/xpoll");
}

unique_fd create(const unique_fd& device) {
  const struct xpoll_create create {
    .flags = XPOLL_CLOEXEC,
    .group = static_cast<std::uint32_t>(checked(ioctl(device.get(), XPOLL_IOC_GROUP), "group"))
  };
  return xpoll::checked_fd(ioctl(device.get(), XPOLL_IOC_CREATE, &create), "XPOLL_IOC_CREATE");
}

void watch(const unique_fd& ep, const unique_fd& file, std::uint32_t events) {
  epoll_event event{.events = EPOLLIN | EPOLLET | events, .data = {}};
  checked(xpoll_ctl(ep.get(), EPOLL_CTL_ADD, file.get(), &event), "add");
}

/// While it lives, a thread that this thread wakes does not preempt it.
class Undisturbed {
 public:
  Undisturbed() {
    const sched_param first{.sched_priority = 1};
    checked(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first), "sched_setscheduler");
  }
  Undisturbed(const Undisturbed&) = delete;
  Undisturbed& operator=(const Undisturbed&) = delete;
  ~Undisturbed() {
    const sched_param usual{};
    sched_setscheduler(0, SCHED_OTHER, &usual);
  }
};

/// A raw system call, since the C library's write() costs more once the program has had a second
/// thread.
void post_one(const unique_fd& file) {
  const std::uint64_t one = 1;
  checked(static_cast<int>(syscall(SYS_write, file.get(), &one, sizeof(one))), "write");
}

/// A worker with a slot in the table. It takes events one by one until all workers are told to stop
/// and an event wakes it.
class Sleeper {
 public:
  Sleeper(std::atomic<bool>& stop, const unique_fd& ep, const unique_fd& file, std::uint32_t worker)
      : stop_(stop), file_(file), thread_{[&, worker] { run(ep, worker); }} {}
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  ~Sleeper() {
    stop_ = true;
    while (!ended_) {
      post_one(file_);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  /// Throws the exception that ended the thread, if any.
  void wait_until_asleep() const {
    xpoll::wait_until("a sleeper asleep", [this] { return ended_ || (tid_ != 0 && is_asleep()); });
    if (ended_) std::rethrow_exception(failure_);
  }

 private:
  void run(const unique_fd& ep, std::uint32_t worker) {
    try {
      serve(ep, worker);
    } catch (...) {
      failure_ = std::current_exception();
    }
    ended_ = true;
  }

  void serve(const unique_fd& ep, std::uint32_t worker) {
    tid_ = static_cast<pid_t>(syscall(SYS_gettid));
    epoll_event event{};
    struct xpoll_wait wait {};
    wait.events = reinterpret_cast<std::uintptr_t>(&event);
    wait.maxevents = 1;
    wait.timeout_ns = -1;
    wait.worker = worker;
    while (!stop_) {
      checked(ioctl(ep.get(), XPOLL_IOC_WAIT, &wait), "wait");
      eventfd_t count = 0;
      eventfd_read(file_.get(), &count);
    }
  }

  bool is_asleep() const {
    std::ifstream file("/proc/self/task/" + std::to_string(tid_) + "/wchan");
    std::string where;
    return std::getline(file, where) && where.starts_with("xp_");
  }

  std::atomic<bool>& stop_;
  const unique_fd& file_;
  std::exception_ptr failure_;
  std::atomic<bool> ended_{false};
  std::atomic<pid_t> tid_{0};
  std::jthread thread_;
};

/// Gives each of the workers 1 to 8 a different load, as on a busy server.
void set_loads(const unique_fd& fd) {
  constexpr std::array<__u64, 8> kLoads{5, 3, 8, 1, 7, 2, 6, 4};
  const auto size = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* table = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (table == MAP_FAILED) checked(-1, "mmap");
  auto* worker = static_cast<xpoll_worker*>(table);
  for (const __u64 load : kLoads) worker++->load = load;
  munmap(table, size);
}

void set_number(const unique_fd& ep, std::uint32_t worker) {
  checked(ioctl(ep.get(), XPOLL_IOC_WORKER, &worker), "XPOLL_IOC_WORKER");
}

/// Threads that wait for one eventfd.
class Crew {
 public:
  Crew(Policy policy, int threads, bool instance_each) {
    if (instance_each) {
      set_policy(device_, policy);
      for (int i = 0; i < std::max(threads, 1); ++i) {
        instances_.push_back(create(device_));
        set_number(instances_.back(), static_cast<std::uint32_t>(i + 1));
        watch(instances_.back(), file_, EPOLLEXCLUSIVE);
      }
    } else {
      instances_.push_back(create(device_));
      set_policy(instances_.back(), policy);
      watch(instances_.back(), file_, 0);
    }
    if (policy == Policy::kLeastLoaded) set_loads(instance_each ? device_ : instances_.back());
    for (int i = 0; i < threads; ++i)
      sleepers_.emplace_back(stop_, instances_[instance_each ? i : 0], file_,
                             static_cast<std::uint32_t>(i + 1));
    settle();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void post() const { post_one(file_); }

  void settle() const {
    for (const Sleeper& sleeper : sleepers_) sleeper.wait_until_asleep();
    if (sleepers_.empty()) empty();
  }

 private:
  /// Reads the events that no thread has taken.
  void empty() const {
    eventfd_t count = 0;
    eventfd_read(file_.get(), &count);
    for (const unique_fd& ep : instances_) {
      epoll_event event;
      checked(xpoll_wait(ep.get(), &event, 1, 0), "wait");
    }
  }

  const unique_fd device_ = open_device();
  const unique_fd file_ = xpoll::make_eventfd();
  std::vector<unique_fd> instances_;
  std::atomic<bool> stop_{false};
  std::list<Sleeper> sleepers_;
};

void measure(benchmark::State& state, const Settings& settings, Policy policy, int threads,
             bool instance_each) {
  drop_kept_instance();
  const Crew crew(policy, threads, instance_each);
  const Undisturbed undisturbed;
  Measurement(state, settings, 1).run([] {}, [&] { crew.post(); }, [&] { crew.settle(); });
}

}  // namespace

void register_policy(const Settings& settings) {
  if (!settings.xpoll) return;
  for (const bool instance_each : {false, true}) {
    for (const Named& named : kPolicies) {
      for (const int threads : {0, 1, 8}) {
        add_benchmark(
            settings, instance_each ? "policy_exclusive" : "policy", Xpoll::kName,
            [=](auto& state) { measure(state, settings, named.policy, threads, instance_each); },
            named.name, threads);
      }
    }
  }
}

}  // namespace bench

// SPDX-License-Identifier: GPL-2.0-only
// Workers under each wake policy, in processes that are killed and replaced, stopped and continued,
// while watches, policies and the table of workers change. There is one event at a time. An event
// is lost if no worker takes it although one waits.
#include <linux/xpoll.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "fuzz/random.h"
#include "tools/util/bpf_program.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/wait_until.h"
#include "util/each_backend.h"
#include "util/matchers.h"
#include "util/process.h"
#include "util/raw.h"
#include "util/stress.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

using xpoll::fuzz::Random;

constexpr int kWorkers = 5;
constexpr std::uint64_t kMillisecond = 1'000'000;
constexpr std::uint64_t kHour = 3'600'000 * kMillisecond;

// The workers' counters, in memory that the processes share.
struct Tally {
  std::atomic<int> taken{0};
  // Waits that returned after another worker had taken the event.
  std::atomic<int> in_vain{0};
};

struct Crew {
  const char* name;
  // Each worker has an instance with an EXCLUSIVE watch of one file; otherwise all wait on one.
  bool instance_each;
  // Edge-triggered: each event is delivered only once, and if its receiver is killed, no other
  // worker can take it.
  bool edge;

  friend std::ostream& operator<<(std::ostream& out, const Crew& crew) { return out << crew.name; }
};

struct Policy {
  const char* name;
  std::uint32_t number;

  friend std::ostream& operator<<(std::ostream& out, const Policy& policy) {
    return out << policy.name;
  }
};

class RaceWorkerTest : public testing::TestWithParam<std::tuple<Crew, Policy>> {
 protected:
  void SetUp() override { require_xpoll(); }

  // Creates everything before the workers are forked.
  void start() {
    set_policy(policy_.number, 0);
    if (!crew_.instance_each) add_watch(shared_);
    for (Worker& worker : workers_) begin(worker);
  }

  void send_one() {
    for (auto acts = random_.below(4); acts > 0; --acts) act();
    switch (random_.below(3)) {
      case 0:
        leave_one();
        post(eventfd_);
        break;
      case 1:
        leave_endless_ones_asleep();
        change_policy();
        write_table();
        post(eventfd_);
        break;
      default:
        post(eventfd_);
        for (auto acts = random_.below(4); acts > 0; --acts) act();
        continue_all();
    }
    wait_until("the event taken", [this] { return !is_readable(); });
    continue_all();
  }

  const Crew crew_ = std::get<0>(GetParam());
  const Policy policy_ = std::get<1>(GetParam());
  int killed_ = 0;
  Tally& tally_ = *new (map_shared(sizeof(Tally))) Tally;

 private:
  struct Worker {
    unique_fd instance{};
    std::unique_ptr<Process> process{};
    bool stopped = false;
  };

  static void* map_shared(std::size_t size) {
    void* at = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED) checked(-1, "mmap");
    return at;
  }

  unique_fd create() const {
    const struct xpoll_create arguments { .flags = XPOLL_CLOEXEC, .group = group_ };
    return checked_fd(ioctl(device_.get(), XPOLL_IOC_CREATE, &arguments), "XPOLL_IOC_CREATE");
  }

  // Sets the policy of the group, or of the shared instance.
  void set_policy(std::uint32_t policy, std::uint64_t limit_ns) const {
    const xpoll_wake wake{.policy = policy,
                          .prog_fd = policy == XPOLL_WAKE_BPF ? program_.get() : 0,
                          .heartbeat_ns = limit_ns,
                          .reserved = {}};
    checked(ioctl(device_.get(), XPOLL_IOC_WAKE, &wake), "XPOLL_IOC_WAKE of the group");
    if (!crew_.instance_each)
      checked(ioctl(shared_.get(), XPOLL_IOC_WAKE, &wake), "XPOLL_IOC_WAKE of the instance");
  }

  void add_watch(const unique_fd& ep) const {
    const std::uint32_t kind =
        (crew_.edge ? EPOLLET : 0U) | (crew_.instance_each ? EPOLLEXCLUSIVE : 0U);
    checked(Backend::xpoll().add(ep.get(), eventfd_.get(), EPOLLIN | kind), "add");
  }

  const unique_fd& instance_of(const Worker& worker) const {
    return crew_.instance_each ? worker.instance : shared_;
  }
  int number_of(const Worker& worker) const {
    return static_cast<int>(&worker - workers_.data()) + 1;
  }

  // Three of the five wait without timeout; the others soon check again.
  bool is_endless(const Worker& worker) const { return number_of(worker) % 2 != 0; }

  void begin(Worker& worker) {
    if (crew_.instance_each && !worker.instance.valid()) {
      worker.instance = create();
      const auto number = static_cast<std::uint32_t>(number_of(worker));
      checked(ioctl(worker.instance.get(), XPOLL_IOC_WORKER, &number), "XPOLL_IOC_WORKER");
      add_watch(worker.instance);
    }
    worker.process = std::make_unique<Process>([&] { return work(worker); });
  }

  // Runs until it is killed.
  int work(const Worker& self) {
    // No process holds another one's instance.
    for (Worker& other : workers_)
      if (&other != &self) other.instance.reset();
    epoll_event event{};
    struct xpoll_wait wait = wait_arguments(&event, 1);
    wait.timeout_ns = is_endless(self) ? -1 : static_cast<std::int64_t>(kMillisecond);
    wait.worker = static_cast<std::uint32_t>(number_of(self));
    for (;;) {
      if (ioctl(instance_of(self).get(), XPOLL_IOC_WAIT, &wait) != 1) continue;
      eventfd_t count = 0;
      ++(eventfd_read(eventfd_.get(), &count) == 0 ? tally_.taken : tally_.in_vain);
    }
  }

  bool is_readable() const {
    pollfd request{.fd = eventfd_.get(), .events = POLLIN, .revents = 0};
    return checked(poll(&request, 1, 0), "poll") == 1;
  }

  void act() {
    Worker& worker = workers_[random_.below(kWorkers)];
    switch (random_.below(6)) {
      case 0:
        return stop(worker);
      case 1:
        return resume(worker);
      case 2:
        return change_policy();
      case 3:
        return write_table();
      case 4:
        return crew_.edge ? stop(worker) : replace(worker);
      default:
        return crew_.edge ? resume(worker) : watch_anew(worker);
    }
  }

  // Waits until the worker is asleep, so that it is not about to take an event.
  static void stop(Worker& worker) {
    if (std::exchange(worker.stopped, true)) return;
    checked(kill(worker.process->pid(), SIGSTOP), "SIGSTOP");
    int status = 0;
    checked(TEMP_FAILURE_RETRY(waitpid(worker.process->pid(), &status, WUNTRACED)), "waitpid");
    if (!WIFSTOPPED(status)) throw std::runtime_error("a worker ended");
  }

  static void resume(Worker& worker) {
    if (std::exchange(worker.stopped, false))
      checked(kill(worker.process->pid(), SIGCONT), "SIGCONT");
  }

  void continue_all() {
    for (Worker& worker : workers_) resume(worker);
  }

  void leave_one() {
    Worker& left = workers_[random_.below(kWorkers)];
    for (Worker& worker : workers_)
      if (&worker != &left) stop(worker);
    resume(left);
  }

  // The policy then chooses among several waiters, and none of them finds an event without being
  // woken.
  void leave_endless_ones_asleep() {
    for (Worker& worker : workers_) is_endless(worker) ? resume(worker) : stop(worker);
    for (const Worker& worker : workers_)
      if (is_endless(worker)) worker.process->wait_until_asleep_in_wait();
  }

  // In half of the cases the old instance remains, with an event for which no task waits.
  void replace(Worker& worker) {
    worker.process->kill_and_reap();
    worker.stopped = false;
    ++killed_;
    if (random_.chance(50)) worker.instance.reset();
    begin(worker);
  }

  void watch_anew(const Worker& worker) const {
    const unique_fd& ep = instance_of(worker);
    checked(Backend::xpoll().del(ep.get(), eventfd_.get()), "del");
    add_watch(ep);
  }

  void change_policy() {
    constexpr std::array kAll{XPOLL_WAKE_NATIVE, XPOLL_WAKE_ROUND_ROBIN, XPOLL_WAKE_LEAST_LOADED,
                              XPOLL_WAKE_BPF};
    constexpr std::array kLimits{std::uint64_t{0}, std::uint64_t{1}, kMillisecond, kHour};
    const auto number = static_cast<std::uint32_t>(random_.pick(kAll));
    set_policy(random_.chance(50) ? number : policy_.number, random_.pick(kLimits));
  }

  // Loads, and heartbeats of workers that hang or do not, and senseless values.
  void write_table() {
    WorkerTable table(crew_.instance_each ? device_.get() : shared_.get());
    for (int worker = 1; worker <= kWorkers; ++worker) {
      const std::array<std::uint64_t, 3> beats{0, 1, random_.bits()};
      table[worker].load = random_.chance(50) ? random_.below(3) : random_.bits();
      table[worker].heartbeat_ns = random_.pick(beats);
    }
  }

  Random random_{1, 0};
  const unique_fd program_ = bpf::load_program(
      {bpf::call(BPF_FUNC_get_prandom_u32), bpf::operate(BPF_AND, 0, 7), bpf::kExit});
  const unique_fd device_ = open_device();
  const std::uint32_t group_ =
      static_cast<std::uint32_t>(checked(ioctl(device_.get(), XPOLL_IOC_GROUP), "group"));
  const unique_fd eventfd_ = make_eventfd();
  const unique_fd shared_ = create();
  std::array<Worker, kWorkers> workers_;
};

TEST_P(RaceWorkerTest, EachEventIsTakenWhileWorkersAndPoliciesChange) {
  start();
  const int events = stress_rounds(15);
  for (int sent = 0; sent < events; ++sent) send_one();
  // the worker that took the last event may not have counted it yet
  wait_until("each event counted", [&] { return tally_.taken + killed_ >= events; });
  if (crew_.edge && !crew_.instance_each) {
    EXPECT_EQ(tally_.in_vain, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(
    , RaceWorkerTest,
    testing::Combine(testing::Values(Crew{"shared", false, false}, Crew{"sharedEdge", false, true},
                                     Crew{"each", true, false}, Crew{"eachEdge", true, true}),
                     testing::Values(Policy{"native", XPOLL_WAKE_NATIVE},
                                     Policy{"roundRobin", XPOLL_WAKE_ROUND_ROBIN},
                                     Policy{"leastLoaded", XPOLL_WAKE_LEAST_LOADED},
                                     Policy{"bpf", XPOLL_WAKE_BPF})),
    [](const testing::TestParamInfo<RaceWorkerTest::ParamType>& info) {
      return std::string(std::get<0>(info.param).name) + '_' + std::get<1>(info.param).name;
    });

}  // namespace
}  // namespace xpoll::test

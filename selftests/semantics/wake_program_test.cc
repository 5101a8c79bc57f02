// SPDX-License-Identifier: GPL-2.0-only
// The context of an XPOLL_WAKE_BPF program: the event and the candidates.
#include <bpf/btf.h>
#include <linux/bpf.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "tools/util/bpf_program.h"
#include "tools/util/checked.h"
#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "util/matchers.h"
#include "util/raw.h"
#include "util/wake_instances.h"
#include "util/wake_waiters.h"
#include "util/worker_table.h"

namespace xpoll::test {
namespace {

// A program that returns a field of the second candidate, plus `more`.
unique_fd second_candidates(std::uint8_t width, std::size_t field, int more = 0) {
  constexpr int kSize = sizeof(xpoll_candidate);
  return bpf::load_program({bpf::load(BPF_DW, 3, 1, offsetof(xpoll_wake_context, candidates)),
                            bpf::add(3, kSize), bpf::copy(1, 10), bpf::add(1, -kSize),
                            bpf::set_register(2, kSize), bpf::call(BPF_FUNC_probe_read_kernel),
                            bpf::load(width, 0, 10, -kSize + static_cast<int>(field)),
                            bpf::add(0, more), bpf::kExit});
}

TEST_F(WakeWaitersTest, ProgramThatMaySleepIsEinval) {
  const unique_fd program = bpf::load_sleepable({bpf::set_register(0, 0), bpf::kExit});
  if (!program.valid())
    GTEST_SKIP() << "no such program for raw tracepoints: " << errno_text(errno);
  EXPECT_THAT(set_program(ep_.get(), program.get()), SyscallFailsWithErrno(EINVAL));
}

TEST_F(WakeWaitersTest, ProgramReadsTheCandidatesLoad) {
  const unique_fd program = second_candidates(BPF_DW, offsetof(xpoll_candidate, load));
  ASSERT_THAT(set_program(ep_.get(), program.get()), SyscallSucceeds());
  WorkerTable table(ep_.get());
  table[2].load = 3;
  auto workers = start(kWorkers, true);
  EXPECT_EQ(taker(workers, eventfd_), 3);
  workers[3] = nullptr;
  table[2].load = 1;
  EXPECT_EQ(taker(workers, eventfd_), 1);
  workers[1] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeWaitersTest, ProgramReadsTheCandidatesNumber) {
  const unique_fd program = second_candidates(BPF_W, offsetof(xpoll_candidate, worker));
  ASSERT_THAT(set_program(ep_.get(), program.get()), SyscallSucceeds());
  Workers workers;
  for (const int number : {0, 3, 2, 1}) workers.push_back(start_one(number));
  for (const int expected : {3, 0}) {
    EXPECT_EQ(taker(workers, eventfd_), expected) << "3, and then out of range";
    workers[expected] = nullptr;
  }
  finish(workers, eventfd_);
}

TEST_F(WakeWaitersTest, ProgramReadsTheCandidatesThreadId) {
  ASSERT_THAT(set_policy(ep_.get(), XPOLL_WAKE_ROUND_ROBIN), SyscallSucceeds());
  auto workers = start(kWorkers);
  const unique_fd program =
      second_candidates(BPF_W, offsetof(xpoll_candidate, pid), 2 - workers[1]->tid());
  ASSERT_THAT(set_program(ep_.get(), program.get()), SyscallSucceeds());
  EXPECT_EQ(taker(workers, eventfd_), 2);
  workers[2] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeWaitersTest, ProgramReadsWhatTheFileReported) {
  const unique_fd full = make_eventfd();
  post(full, UINT64_MAX - 1);
  ASSERT_THAT(backend_.add(ep_.get(), full.get(), EPOLLOUT | EPOLLET), SyscallSucceeds());
  const unique_fd program = bpf::load_program(
      {bpf::load(BPF_DW, 0, 1, offsetof(xpoll_wake_context, events)), bpf::kExit});
  ASSERT_THAT(set_program(ep_.get(), program.get()), SyscallSucceeds());
  auto workers = start(EPOLLOUT + 2);
  EXPECT_EQ(taker(workers, eventfd_), EPOLLIN);
  workers[EPOLLIN] = nullptr;
  // the following candidates have moved up
  EXPECT_EQ(taker(workers, [&] { take(full); }), EPOLLOUT + 1);
  workers[EPOLLOUT + 1] = nullptr;
  finish(workers, eventfd_);
}

// Offsets of this kernel's structures.
class KernelTypes {
 public:
  KernelTypes() : types_(btf__load_vmlinux_btf()) {
    if (!types_) throw std::runtime_error("the kernel has no types of its own");
  }

  int offset(const char* structure, const std::string& member) const {
    const auto id = static_cast<std::uint32_t>(
        checked(btf__find_by_name_kind(types_.get(), structure, BTF_KIND_STRUCT), structure));
    const btf_type* type = btf__type_by_id(types_.get(), id);
    for (std::uint32_t i = 0; i < btf_vlen(type); ++i)
      if (member == btf__name_by_offset(types_.get(), btf_members(type)[i].name_off))
        return static_cast<int>(btf_member_bit_offset(type, i) / 8);
    throw std::runtime_error("no member " + member);
  }

 private:
  struct Free {
    void operator()(btf* types) const { btf__free(types); }
  };
  std::unique_ptr<btf, Free> types_;
};

ino_t inode_of(const unique_fd& file) {
  struct stat status {};
  checked(fstat(file.get(), &status), "fstat");
  return status.st_ino;
}

// A program that returns the inode number of the event's file, plus `more`.
unique_fd inode_of_the_file(int more) {
  constexpr int kSize = sizeof(std::uint64_t);
  const KernelTypes types;
  return bpf::load_program({bpf::load(BPF_DW, 3, 1, offsetof(xpoll_wake_context, file)),
                            bpf::add(3, types.offset("file", "f_inode")), bpf::copy(1, 10),
                            bpf::add(1, -kSize), bpf::set_register(2, kSize),
                            bpf::call(BPF_FUNC_probe_read_kernel), bpf::load(BPF_DW, 3, 10, -kSize),
                            bpf::add(3, types.offset("inode", "i_ino")), bpf::copy(1, 10),
                            bpf::add(1, -kSize), bpf::set_register(2, kSize),
                            bpf::call(BPF_FUNC_probe_read_kernel), bpf::load(BPF_DW, 0, 10, -kSize),
                            bpf::add(0, more), bpf::kExit});
}

TEST_F(WakeWaitersTest, ProgramReadsWhoseEventItIs) {
  if (access("/sys/kernel/btf/vmlinux", R_OK) < 0) GTEST_SKIP() << "the kernel has no BTF";
  const Pipe one = make_pipe();
  const Pipe other = make_pipe();
  for (const Pipe* pipe : {&one, &other}) edge_watch(ep_.get(), pipe->reader);
  for (const Pipe* pipe : {&one, &other}) {
    const unique_fd program = inode_of_the_file(2 - static_cast<int>(inode_of(pipe->reader)));
    ASSERT_THAT(set_program(ep_.get(), program.get()), SyscallSucceeds());
    auto workers = start(kWorkers);
    EXPECT_EQ(taker(workers, [&] { write_all(pipe->writer, "x"); }), 2);
    workers[2] = nullptr;
    finish(workers, eventfd_);
  }
}

TEST_F(WakeWaitersTest, ProgramIsToldOfSoManyCandidatesAtMost) {
  const unique_fd last = bpf::load_program(
      {bpf::load(BPF_DW, 0, 1, offsetof(xpoll_wake_context, count)), bpf::add(0, -1), bpf::kExit});
  ASSERT_THAT(set_program(ep_.get(), last.get()), SyscallSucceeds());
  auto workers = start(XPOLL_CANDIDATES_MAX + 1);
  EXPECT_EQ(taker(workers, eventfd_), XPOLL_CANDIDATES_MAX - 1);
}

TEST_F(WakeInstancesTest, ProgramIsToldOfSoManyCandidatesAtMost) {
  watch(XPOLL_WAKE_NATIVE, XPOLL_CANDIDATES_MAX + 1);
  const unique_fd last = bpf::load_program(
      {bpf::load(BPF_DW, 0, 1, offsetof(xpoll_wake_context, count)), bpf::add(0, -1), bpf::kExit});
  ASSERT_THAT(set_program(device_.get(), last.get()), SyscallSucceeds());
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), XPOLL_CANDIDATES_MAX - 1);
}

TEST_F(WakeInstancesTest, ProgramReadsTheLoadOfAnInstancesWorkerAndItsWatchesIfItHasNone) {
  watch(XPOLL_WAKE_NATIVE);
  const unique_fd program = second_candidates(BPF_DW, offsetof(xpoll_candidate, load));
  const unique_fd spare = make_eventfd();
  edge_watch(instances_[1].get(), spare);
  ASSERT_THAT(set_program(device_.get(), program.get()), SyscallSucceeds());
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 2) << "the watches of instance 1";
  workers[2] = start_one(2);
  // the candidates start at instance 3, so the second one is instance 0
  WorkerTable table(device_.get());
  table[5].load = 3;
  const std::uint32_t worker = 5;
  ASSERT_THAT(ioctl(instances_[0].get(), XPOLL_IOC_WORKER, &worker), SyscallSucceeds());
  EXPECT_EQ(taker(workers, eventfd_), 2) << "the fourth of 3, 0, 1, 2";
  workers[2] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, ProgramReadsTheNumberOfAnInstancesWorker) {
  watch(XPOLL_WAKE_NATIVE);
  const std::uint32_t worker = 3;
  ASSERT_THAT(ioctl(instances_[1].get(), XPOLL_IOC_WORKER, &worker), SyscallSucceeds());
  const unique_fd program = second_candidates(BPF_W, offsetof(xpoll_candidate, worker));
  ASSERT_THAT(set_program(device_.get(), program.get()), SyscallSucceeds());
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 3);
  workers[3] = nullptr;
  finish(workers, eventfd_);
}

TEST_F(WakeInstancesTest, ProgramReadsWhichProcessCreatedAnInstance) {
  watch(XPOLL_WAKE_NATIVE);
  const unique_fd program = second_candidates(BPF_W, offsetof(xpoll_candidate, pid), 2 - getpid());
  ASSERT_THAT(set_program(device_.get(), program.get()), SyscallSucceeds());
  auto workers = start();
  EXPECT_EQ(taker(workers, eventfd_), 2);
  workers[2] = nullptr;
  finish(workers, eventfd_);
}

}  // namespace
}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#include "descriptor_kinds.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/landlock.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <cstring>
#include <utility>

#include "device_kinds.h"
#include "fd_passing.h"
#include "socket_kinds.h"

namespace xpoll::test {
namespace {

template <typename... Arguments>
unique_fd made(long number, Arguments... arguments) {
  return unique_fd(static_cast<int>(syscall(number, arguments...)));
}

DescriptorKind file(const char* name, const char* path, int flags = O_RDONLY) {
  return {name,
          [path, flags] { return unique_fd(open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600)); }};
}

std::vector<DescriptorKind> file_kinds() {
  return {
      file("Regular", "/etc/passwd"),
      file("Directory", "/", O_RDONLY | O_DIRECTORY),
      file("PathOnly", "/", O_PATH),
      file("SymlinkPath", "/proc/self", O_PATH | O_NOFOLLOW),
      file("Unnamed", "/tmp", O_RDWR | O_TMPFILE),
      file("ProcFile", "/proc/self/status"),
      file("ProcMounts", "/proc/self/mounts"),
      file("ProcPressure", "/proc/pressure/cpu"),
      file("ProcSysctl", "/proc/sys/kernel/hostname"),
      file("Namespace", "/proc/self/ns/net"),
      file("SysFile", "/sys/kernel/uevent_seqnum"),
      file("CgroupFile", "/sys/fs/cgroup/cgroup.procs"),
      file("TracePipe", "/sys/kernel/tracing/trace_pipe"),
  };
}

unique_fd pipe_end(int which) {
  std::array<int, 2> ends{};
  checked(pipe2(ends.data(), O_CLOEXEC), "pipe2");
  close(ends.at(1 - which));
  return unique_fd(ends.at(which));
}

unique_fd message_queue() {
  constexpr const char* kName = "/xpoll-descriptor-kinds";
  unique_fd queue(mq_open(kName, O_RDWR | O_CREAT | O_CLOEXEC, 0600, nullptr));
  mq_unlink(kName);
  return queue;
}

unique_fd signals() {
  sigset_t none;
  sigemptyset(&none);
  return unique_fd(signalfd(-1, &none, SFD_CLOEXEC));
}

unique_fd bpf_map() {
  bpf_attr attributes{};
  attributes.map_type = BPF_MAP_TYPE_ARRAY;
  attributes.key_size = sizeof(__u32);
  attributes.value_size = sizeof(__u32);
  attributes.max_entries = 1;
  return made(SYS_bpf, BPF_MAP_CREATE, &attributes, sizeof(attributes));
}

// r0 = 0; exit
unique_fd bpf_program() {
  const std::array<bpf_insn, 2> code{
      {{BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0}, {BPF_JMP | BPF_EXIT, 0, 0, 0, 0}}};
  bpf_attr attributes{};
  attributes.prog_type = BPF_PROG_TYPE_SOCKET_FILTER;
  attributes.insns = reinterpret_cast<__u64>(code.data());
  attributes.insn_cnt = code.size();
  attributes.license = reinterpret_cast<__u64>("GPL");
  return made(SYS_bpf, BPF_PROG_LOAD, &attributes, sizeof(attributes));
}

unique_fd perf_event() {
  perf_event_attr attributes{};
  attributes.size = sizeof(attributes);
  attributes.type = PERF_TYPE_SOFTWARE;
  attributes.config = PERF_COUNT_SW_DUMMY;
  return made(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

unique_fd ring() {
  io_uring_params params{};
  return made(SYS_io_uring_setup, 1, &params);
}

unique_fd landlock_rules() {
  landlock_ruleset_attr attributes{};
  attributes.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE;
  return made(SYS_landlock_create_ruleset, &attributes, sizeof(attributes), 0);
}

// The filter stays for good, so a separate task installs it. Exits with errno.
[[noreturn]] void send_listener(const unique_fd& socket) {
  sock_filter allow{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW};
  const sock_fprog program{1, &allow};
  const unique_fd listener =
      made(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  if (!listener.valid()) _exit(errno);
  send_fd(socket, listener.get());
  _exit(0);
}

unique_fd seccomp_listener() {
  std::array<int, 2> ends{};
  checked(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair");
  const unique_fd here(ends[0]);
  const unique_fd there(ends[1]);
  const pid_t child = checked(fork(), "fork");
  if (child == 0) send_listener(there);
  int status = 0;
  checked(waitpid(child, &status, 0), "waitpid");
  errno = WEXITSTATUS(status);
  return status == 0 ? recv_fd(here) : unique_fd();
}

std::vector<DescriptorKind> anonymous_kinds() {
  return {
      {"PipeReader", [] { return pipe_end(0); }},
      {"PipeWriter", [] { return pipe_end(1); }},
      {"NativeInstance", [] { return unique_fd(epoll_create1(EPOLL_CLOEXEC)); }},
      {"Eventfd", [] { return unique_fd(eventfd(0, EFD_CLOEXEC)); }},
      {"Timerfd", [] { return unique_fd(timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)); }},
      {"Signalfd", signals},
      {"Inotify", [] { return unique_fd(inotify_init1(IN_CLOEXEC)); }},
      {"Fanotify", [] { return unique_fd(fanotify_init(FAN_CLOEXEC, O_RDONLY)); }},
      {"Pidfd", [] { return made(SYS_pidfd_open, getpid(), 0); }},
      {"Memfd", [] { return unique_fd(memfd_create("file", MFD_CLOEXEC)); }},
      {"SecretMemory", [] { return made(SYS_memfd_secret, O_CLOEXEC); }},
      {"Userfaultfd", [] { return made(SYS_userfaultfd, O_CLOEXEC); }},
      {"MessageQueue", message_queue},
      {"BpfMap", bpf_map},
      {"BpfProgram", bpf_program},
      {"PerfEvent", perf_event},
      {"Ring", ring},
      {"LandlockRules", landlock_rules},
      {"SeccompListener", seccomp_listener},
      {"FilesystemContext", [] { return made(SYS_fsopen, "tmpfs", FSOPEN_CLOEXEC); }},
      {"MountTree", [] { return made(SYS_open_tree, AT_FDCWD, "/", OPEN_TREE_CLOEXEC); }},
  };
}

}  // namespace

std::vector<DescriptorKind> descriptor_kinds() {
  std::vector<DescriptorKind> all;
  for (const auto& kinds : {file_kinds(), anonymous_kinds(), socket_kinds(), device_kinds()})
    all.insert(all.end(), kinds.begin(), kinds.end());
  return all;
}

}  // namespace xpoll::test

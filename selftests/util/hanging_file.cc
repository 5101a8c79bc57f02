// SPDX-License-Identifier: GPL-2.0-only
#include "hanging_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fuse.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <vector>

#include "namespaces.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::test {
namespace {

constexpr const char* kDevice = "/dev/fuse";
// Its root is the file.
constexpr const char* kMountPoint = "/tmp/hanging";

// Replies to the kernel's requests to the file system.
class Server {
 public:
  Server(const unique_fd& device, const std::atomic<bool>& hangs, const unique_fd& hung,
         const unique_fd& go_on)
      : device_(device), hangs_(hangs), hung_(hung), go_on_(go_on) {}

  void serve() {
    std::array<pollfd, 2> polled{pollfd{.fd = device_.get(), .events = POLLIN, .revents = 0},
                                 pollfd{.fd = go_on_.get(), .events = POLLIN, .revents = 0}};
    for (;;) {
      checked(poll(polled.data(), polled.size(), -1), "poll");
      if (polled[1].revents != 0) reply_to_waiting();
      if (polled[0].revents & (POLLERR | POLLHUP)) return;
      if (polled[0].revents != 0) handle_request();
    }
  }

 private:
  using Id = decltype(fuse_in_header::unique);

  void handle_request() {
    // Fails if the task that made the request was killed.
    const ssize_t size = read(device_.get(), request_.data(), request_.size());
    if (size < static_cast<ssize_t>(sizeof(fuse_in_header))) return;
    fuse_in_header header{};
    std::memcpy(&header, request_.data(), sizeof(header));
    switch (header.opcode) {
      case FUSE_INIT:
        return reply(header.unique, init_reply());
      case FUSE_OPEN:
        return reply(header.unique, fuse_open_out{});
      case FUSE_POLL:
        return handle_poll(header.unique);
      case FUSE_FORGET:
      case FUSE_INTERRUPT:
        return;
      case FUSE_FLUSH:
      case FUSE_RELEASE:
        return send(header.unique, 0, {});
      default:
        return send(header.unique, -ENOSYS, {});
    }
  }

  fuse_init_out init_reply() const {
    fuse_init_in asked{};
    std::memcpy(&asked, request_.data() + sizeof(fuse_in_header), offsetof(fuse_init_in, flags));
    constexpr unsigned kWriteMax = 4096;
    fuse_init_out reply{};
    reply.major = FUSE_KERNEL_VERSION;
    reply.minor = asked.minor;
    reply.max_write = kWriteMax;
    return reply;
  }

  void handle_poll(Id request) {
    if (!hangs_) return reply_ready(request);
    waiting_.push_back(request);
    post(hung_);
  }

  void reply_to_waiting() {
    take(go_on_);
    for (const Id request : waiting_) reply_ready(request);
    waiting_.clear();
  }

  void reply_ready(Id request) { reply(request, fuse_poll_out{.revents = POLLIN, .padding = 0}); }

  template <class T>
  void reply(Id request, T body) {
    send(request, 0, {.iov_base = &body, .iov_len = sizeof(body)});
  }

  // A reply to a task that was killed fails.
  void send(Id request, int error, iovec body) {
    fuse_out_header header{.len = static_cast<std::uint32_t>(sizeof(header) + body.iov_len),
                           .error = error,
                           .unique = request};
    const std::array parts{iovec{.iov_base = &header, .iov_len = sizeof(header)}, body};
    static_cast<void>(writev(device_.get(), parts.data(), body.iov_len == 0 ? 1 : 2));
  }

  const unique_fd& device_;
  const std::atomic<bool>& hangs_;
  const unique_fd& hung_;
  const unique_fd& go_on_;
  std::vector<Id> waiting_;
  // As much as the kernel wants for its largest request.
  std::array<std::byte, 1 << 16> request_{};
};

unique_fd mount_file() {
  if (!unshare_as_root(CLONE_NEWUSER | CLONE_NEWNS))
    throw std::runtime_error("no namespace to mount in");
  unique_fd device = open_file(kDevice, O_RDWR | O_NONBLOCK);
  checked(mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, nullptr), "mount tmpfs");
  write_file(kMountPoint, "");
  const std::string options =
      fmt::format("fd={},rootmode=100600,user_id=0,group_id=0", device.get());
  checked(mount("xpoll-attack", kMountPoint, "fuse", MS_NOSUID | MS_NODEV, options.c_str()),
          "mount fuse");
  return device;
}

}  // namespace

bool HangingFile::available() {
  if (!std::filesystem::exists(kDevice) && geteuid() == 0)
    static_cast<void>(run({"modprobe", "--quiet", "fuse"}));
  return std::filesystem::exists(kDevice);
}

HangingFile::HangingFile()
    : hung_(checked_fd(eventfd(0, EFD_CLOEXEC), "eventfd")),
      go_on_(checked_fd(eventfd(0, EFD_CLOEXEC), "eventfd")) {
  const unique_fd device = mount_file();
  const pid_t parent = getpid();
  if (checked(fork(), "fork") == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() == parent) Server(device, *hangs_, hung_, go_on_).serve();
    _exit(0);
  }
  file_ = open_file(kMountPoint, O_RDWR);
}

void HangingFile::hang() const { *hangs_ = true; }

void HangingFile::wait_until_hung() const { take(hung_); }

void HangingFile::go_on() const {
  *hangs_ = false;
  post(go_on_);
}

}  // namespace xpoll::test

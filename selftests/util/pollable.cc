// SPDX-License-Identifier: GPL-2.0-only
#include "pollable.h"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <csignal>
#include <utility>

#include "tools/util/descriptors.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "tools/util/sockets.h"
#include "tools/util/temporary_directory.h"

namespace xpoll::test {
namespace {

// Two ends: what is written into one can be read from the other.
class TwoEnded : public Pollable {
 public:
  TwoEnded(unique_fd watched, unique_fd peer, std::uint32_t idle_bits)
      : watched_(std::move(watched)), peer_(std::move(peer)), idle_bits_(idle_bits) {}

  const unique_fd& fd() const override { return watched_; }
  void make_readable() override { write_all(peer_, "x"); }
  void make_unreadable() override { drain(watched_); }
  std::uint32_t idle_bits() const override { return idle_bits_; }

 private:
  unique_fd watched_;
  unique_fd peer_;
  std::uint32_t idle_bits_;
};

class ListeningSocket : public Pollable {
 public:
  const unique_fd& fd() const override { return listener_.fd(); }
  void make_readable() override { client_ = listener_.connect(); }
  void make_unreadable() override { static_cast<void>(listener_.accept()); }

 private:
  TcpListener listener_;
  unique_fd client_;
};

class NamedPipe : public Pollable {
 public:
  NamedPipe() {
    const std::string path = directory_.path() / "fifo";
    checked(mkfifo(path.c_str(), 0600), "mkfifo");
    reader_ = checked_fd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), "open for reading");
    writer_ = checked_fd(open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC), "open for writing");
  }

  const unique_fd& fd() const override { return reader_; }
  void make_readable() override { write_all(writer_, "x"); }
  void make_unreadable() override { drain(reader_); }

 private:
  TemporaryDirectory directory_;
  unique_fd reader_;
  unique_fd writer_;
};

class Eventfd : public Pollable {
 public:
  const unique_fd& fd() const override { return fd_; }
  void make_readable() override { post(fd_); }
  void make_unreadable() override { take(fd_); }
  std::uint32_t idle_bits() const override { return EPOLLOUT; }

 private:
  unique_fd fd_ = make_eventfd();
};

class Timerfd : public Pollable {
 public:
  const unique_fd& fd() const override { return fd_; }
  void make_readable() override { arm_timerfd(fd_, std::chrono::nanoseconds(1)); }
  void make_unreadable() override { drain(fd_); }

 private:
  unique_fd fd_ = make_timerfd();
};

class Signalfd : public Pollable {
 public:
  // Otherwise the signal would stay pending, and the next signalfd would read it.
  ~Signalfd() override { drain(fd_); }

  const unique_fd& fd() const override { return fd_; }
  // Sent to the process, because a polling thread would not see a signal for this thread.
  void make_readable() override { checked(kill(getpid(), kSignal), "kill"); }
  void make_unreadable() override { drain(fd_); }

 private:
  static const int kSignal;

  unique_fd fd_ = make_signalfd(kSignal);
};

// A signal without another use. It stays blocked.
const int Signalfd::kSignal = SIGRTMAX - 1;

class Inotify : public Pollable {
 public:
  Inotify() {
    checked(inotify_add_watch(fd_.get(), directory_.path().c_str(), IN_CREATE),
            "inotify_add_watch");
  }

  const unique_fd& fd() const override { return fd_; }
  void make_readable() override { write_file(directory_.path() / "file", ""); }
  void make_unreadable() override {
    drain(fd_);
    std::filesystem::remove(directory_.path() / "file");
  }

 private:
  TemporaryDirectory directory_;
  unique_fd fd_ = checked_fd(inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init1");
};

class Instance : public Pollable {
 public:
  explicit Instance(Backend backend) : ep_(backend.instance()) {
    checked(backend.add(ep_.get(), watched_.get(), EPOLLIN), "add");
  }

  const unique_fd& fd() const override { return ep_; }
  void make_readable() override { post(watched_); }
  void make_unreadable() override { take(watched_); }

 private:
  unique_fd watched_ = make_eventfd();
  unique_fd ep_;
};

std::unique_ptr<Pollable> two_ended(std::pair<unique_fd, unique_fd> ends, std::uint32_t idle_bits) {
  return std::make_unique<TwoEnded>(std::move(ends.first), std::move(ends.second), idle_bits);
}

std::unique_ptr<Pollable> tcp_accepted(Backend) {
  TcpPair tcp = tcp_pair();
  return two_ended({std::move(tcp.server), std::move(tcp.client)}, EPOLLOUT);
}

std::unique_ptr<Pollable> tcp_connected(Backend) {
  TcpPair tcp = tcp_pair();
  return two_ended({std::move(tcp.client), std::move(tcp.server)}, EPOLLOUT);
}

std::unique_ptr<Pollable> anonymous_pipe(Backend) {
  Pipe pipe = make_pipe();
  return two_ended({std::move(pipe.reader), std::move(pipe.writer)}, 0);
}

std::unique_ptr<Pollable> pty_master(Backend) {
  Pty pty = make_pty();
  return two_ended({std::move(pty.master), std::move(pty.slave)}, EPOLLOUT);
}

std::unique_ptr<Pollable> pty_slave(Backend) {
  Pty pty = make_pty();
  return two_ended({std::move(pty.slave), std::move(pty.master)}, EPOLLOUT);
}

template <int type>
std::unique_ptr<Pollable> unix_socket(Backend) {
  return two_ended(unix_pair(type), EPOLLOUT);
}

template <typename T>
std::unique_ptr<Pollable> plain(Backend) {
  return std::make_unique<T>();
}

}  // namespace

std::vector<PollableKind> pollable_kinds() {
  return {
      {"TcpAccepted", tcp_accepted},
      {"TcpConnected", tcp_connected},
      {"TcpListening", plain<ListeningSocket>},
      {"Udp", [](Backend) { return two_ended(udp_pair(), EPOLLOUT); }},
      {"UnixStream", unix_socket<SOCK_STREAM>},
      {"UnixDatagram", unix_socket<SOCK_DGRAM>},
      {"UnixSeqpacket", unix_socket<SOCK_SEQPACKET>},
      {"Pipe", anonymous_pipe},
      {"Fifo", plain<NamedPipe>},
      {"Eventfd", plain<Eventfd>},
      {"Timerfd", plain<Timerfd>},
      {"Signalfd", plain<Signalfd>},
      {"Inotify", plain<Inotify>},
      {"PtyMaster", pty_master},
      {"PtySlave", pty_slave},
      {"Instance", [](Backend backend) { return std::make_unique<Instance>(backend); }},
  };
}

}  // namespace xpoll::test

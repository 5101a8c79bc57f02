// SPDX-License-Identifier: GPL-2.0-only
#include "pollable.h"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <csignal>
#include <utility>

#include "descriptors.h"
#include "eventfd.h"
#include "sockets.h"
#include "temporary_directory.h"

namespace xpoll_test {
namespace {

// Two ends of which what is written into one is read from the other.
class TwoEnded : public Pollable {
 public:
  TwoEnded(Fd watched, Fd peer, std::uint32_t idle_bits)
      : watched_(std::move(watched)), peer_(std::move(peer)), idle_bits_(idle_bits) {}

  const Fd& fd() const override { return watched_; }
  void makeReadable() override { writeAll(peer_, "x"); }
  void makeUnreadable() override { drain(watched_); }
  std::uint32_t idleBits() const override { return idle_bits_; }

 private:
  Fd watched_;
  Fd peer_;
  std::uint32_t idle_bits_;
};

class ListeningSocket : public Pollable {
 public:
  const Fd& fd() const override { return listener_.fd(); }
  void makeReadable() override { client_ = listener_.connect(); }
  void makeUnreadable() override { listener_.accept(); }

 private:
  TcpListener listener_;
  Fd client_;
};

class NamedPipe : public Pollable {
 public:
  NamedPipe() {
    const std::string path = directory_.path() / "fifo";
    checked(mkfifo(path.c_str(), 0600), "mkfifo");
    reader_ = checkedFd(open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC), "open for reading");
    writer_ = checkedFd(open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC), "open for writing");
  }

  const Fd& fd() const override { return reader_; }
  void makeReadable() override { writeAll(writer_, "x"); }
  void makeUnreadable() override { drain(reader_); }

 private:
  TemporaryDirectory directory_;
  Fd reader_;
  Fd writer_;
};

class Eventfd : public Pollable {
 public:
  const Fd& fd() const override { return fd_; }
  void makeReadable() override { post(fd_); }
  void makeUnreadable() override { take(fd_); }
  std::uint32_t idleBits() const override { return EPOLLOUT; }

 private:
  Fd fd_ = makeEventfd();
};

class Timerfd : public Pollable {
 public:
  const Fd& fd() const override { return fd_; }
  void makeReadable() override { armTimerfd(fd_, std::chrono::nanoseconds(1)); }
  void makeUnreadable() override { drain(fd_); }

 private:
  Fd fd_ = makeTimerfd();
};

class Signalfd : public Pollable {
 public:
  // The signal would stay pending, for the next one to find.
  ~Signalfd() override { drain(fd_); }

  const Fd& fd() const override { return fd_; }
  // To the process: one to this thread would not be seen by a thread that polls.
  void makeReadable() override { checked(kill(getpid(), kSignal), "kill"); }
  void makeUnreadable() override { drain(fd_); }

 private:
  static const int kSignal;

  Fd fd_ = makeSignalfd(kSignal);
};

// Of no meaning to anyone else; it stays blocked.
const int Signalfd::kSignal = SIGRTMAX - 1;

class Inotify : public Pollable {
 public:
  Inotify() {
    checked(inotify_add_watch(fd_.get(), directory_.path().c_str(), IN_CREATE),
            "inotify_add_watch");
  }

  const Fd& fd() const override { return fd_; }
  void makeReadable() override { directory_.createFile("file"); }
  void makeUnreadable() override {
    drain(fd_);
    directory_.removeFile("file");
  }

 private:
  TemporaryDirectory directory_;
  Fd fd_ = checkedFd(inotify_init1(IN_CLOEXEC | IN_NONBLOCK), "inotify_init1");
};

class Instance : public Pollable {
 public:
  explicit Instance(Backend backend) : ep_(backend.instance()) {
    checked(backend.add(ep_.get(), watched_.get(), EPOLLIN), "add");
  }

  const Fd& fd() const override { return ep_; }
  void makeReadable() override { post(watched_); }
  void makeUnreadable() override { take(watched_); }

 private:
  Fd watched_ = makeEventfd();
  Fd ep_;
};

std::unique_ptr<Pollable> twoEnded(std::pair<Fd, Fd> ends, std::uint32_t idle_bits) {
  return std::make_unique<TwoEnded>(std::move(ends.first), std::move(ends.second), idle_bits);
}

std::unique_ptr<Pollable> tcpAccepted(Backend) {
  TcpPair tcp = tcpPair();
  return twoEnded({std::move(tcp.server), std::move(tcp.client)}, EPOLLOUT);
}

std::unique_ptr<Pollable> tcpConnected(Backend) {
  TcpPair tcp = tcpPair();
  return twoEnded({std::move(tcp.client), std::move(tcp.server)}, EPOLLOUT);
}

std::unique_ptr<Pollable> anonymousPipe(Backend) {
  Pipe pipe = makePipe();
  return twoEnded({std::move(pipe.reader), std::move(pipe.writer)}, 0);
}

std::unique_ptr<Pollable> ptyMaster(Backend) {
  Pty pty = makePty();
  return twoEnded({std::move(pty.master), std::move(pty.slave)}, EPOLLOUT);
}

std::unique_ptr<Pollable> ptySlave(Backend) {
  Pty pty = makePty();
  return twoEnded({std::move(pty.slave), std::move(pty.master)}, EPOLLOUT);
}

template <int type>
std::unique_ptr<Pollable> unixSocket(Backend) {
  return twoEnded(unixPair(type), EPOLLOUT);
}

template <typename T>
std::unique_ptr<Pollable> plain(Backend) {
  return std::make_unique<T>();
}

}  // namespace

std::vector<PollableKind> pollableKinds() {
  return {
      {"TcpAccepted", tcpAccepted},
      {"TcpConnected", tcpConnected},
      {"TcpListening", plain<ListeningSocket>},
      {"Udp", [](Backend) { return twoEnded(udpPair(), EPOLLOUT); }},
      {"UnixStream", unixSocket<SOCK_STREAM>},
      {"UnixDatagram", unixSocket<SOCK_DGRAM>},
      {"UnixSeqpacket", unixSocket<SOCK_SEQPACKET>},
      {"Pipe", anonymousPipe},
      {"Fifo", plain<NamedPipe>},
      {"Eventfd", plain<Eventfd>},
      {"Timerfd", plain<Timerfd>},
      {"Signalfd", plain<Signalfd>},
      {"Inotify", plain<Inotify>},
      {"PtyMaster", ptyMaster},
      {"PtySlave", ptySlave},
      {"Instance", [](Backend backend) { return std::make_unique<Instance>(backend); }},
  };
}

}  // namespace xpoll_test

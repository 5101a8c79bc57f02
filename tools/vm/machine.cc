// SPDX-License-Identifier: GPL-2.0-only
#include "machine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <memory>
#include <optional>
#include <system_error>
#include <vector>

#include "channel.h"
#include "progress.h"
#include "report.h"
#include "signals.h"
#include "tools/util/file.h"
#include "tools/util/process.h"
#include "tools/util/temporary_directory.h"
#include "virtiofs.h"

namespace xpoll::vm {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kTick{500};
// A nested /dev/kvm may open and support everything, but the guest never makes progress.
constexpr std::chrono::seconds kKvmBootLimit{30};

Channel::Sink write_to(int fd) {
  return [fd](std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t written = ::write(fd, bytes.data(), bytes.size());
      if (written < 0 && errno != EINTR) {
        throw std::system_error(errno, std::generic_category(), "cannot pass on the output");
      }
      if (written > 0) bytes.remove_prefix(static_cast<size_t>(written));
    }
  };
}

/** One boot: QEMU, its helpers, the command on the host and the channels between them. */
class Machine {
 public:
  Machine(const PreparedKernel& kernel, const RunRequest& request);

  GuestRun run();

 private:
  Wiring wire();
  void start_qemu();
  void start_beside();
  void take_report(std::string_view line);
  void show_phase();
  void end_phase();
  void wait_for_something();
  void take_beside();
  void end();
  [[nodiscard]] bool over() const;
  [[nodiscard]] Clock::duration limit() const;

  const PreparedKernel& kernel_;
  const RunRequest& request_;
  GuestRun result_;
  TemporaryDirectory scratch_;
  SignalGuard signals_;
  Channel control_;
  Channel out_;
  Channel err_;
  Channel log_;
  std::vector<std::unique_ptr<Child>> servers_;
  std::optional<Child> qemu_;
  std::optional<Child> beside_;
  std::optional<Progress> progress_;
  std::string phase_;
  Clock::time_point start_ = Clock::now();
  bool qemu_ended_ = false;
};

Machine::Machine(const PreparedKernel& kernel, const RunRequest& request)
    : kernel_{kernel},
      request_{request},
      control_{by_line([this](std::string_view line) { take_report(line); })},
      out_{write_to(STDOUT_FILENO)},
      err_{write_to(STDERR_FILENO)},
      log_{[this](std::string_view bytes) { result_.kernel_log += bytes; }} {
  progress_.emplace(fmt::format("booting {} ({})", kernel.name, kernel.version));
}

Wiring Machine::wire() {
  const auto path = [this](const char* name) { return scratch_.path() / name; };
  Wiring wiring;
  wiring.initramfs = path("initramfs");
  wiring.console = path("console");
  wiring.control = control_.guest_fd();
  wiring.out = out_.guest_fd();
  wiring.err = err_.guest_fd();
  wiring.kernel_log = log_.guest_fd();
  wiring.terminal = request_.job.terminal.has_value();
  wiring.root_socket = path("root.socket");
  wiring.output_socket = path("out.socket");
  if (request_.job.output) wiring.output = *request_.job.output;

  write_file(wiring.initramfs, build_initramfs(kernel_, request_.job));
  write_file(wiring.console, "");
  if (kernel_.share == Share::kVirtiofs) {
    servers_.push_back(serve_virtiofs("/", wiring.root_socket, false));
    if (request_.job.output) {
      servers_.push_back(serve_virtiofs(wiring.output, wiring.output_socket, true));
    }
  }
  return wiring;
}

void Machine::start_qemu() {
  const Wiring wiring = wire();
  const unique_fd errors = open_file(scratch_.path() / "qemu.err", O_WRONLY | O_CREAT);
  const unique_fd nothing = open_file("/dev/null", O_RDWR);
  ChildSetup setup;
  setup.inherited = {wiring.control, wiring.out, wiring.err, wiring.kernel_log};
  setup.err = errors.get();
  if (!wiring.terminal) {
    setup.in = nothing.get();
    setup.out = nothing.get();
    // In its own process group, because Ctrl-C at the terminal would otherwise end QEMU before the
    // runner can shut it down.
    setup.own_group = true;
  }
  start_ = Clock::now();
  qemu_.emplace(qemu_command(kernel_, request_.hardware, wiring), setup);
  for (Channel* channel : {&control_, &out_, &err_, &log_}) channel->close_guest_end();
}

void Machine::start_beside() {
  if (request_.beside.empty()) return;
  ChildSetup setup;
  setup.own_group = true;
  std::vector<int> ports;
  for (const Forward& forward : request_.hardware.forwards) ports.push_back(forward.host_port);
  setup.environment.push_back(fmt::format("XPOLL_FORWARD_PORT={}", fmt::join(ports, ",")));
  beside_.emplace(Argv{"/bin/sh", "-c", request_.beside}, setup);
}

void Machine::take_report(std::string_view line) {
  const Report report = parse_report(line);
  apply_report(report, result_);
  if (report.kind != Report::Kind::kRunning) return;
  result_.boot_seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  end_phase();
  start_beside();
}

void Machine::end_phase() {
  if (progress_) progress_->done();
  progress_.reset();
}

void Machine::show_phase() {
  if (request_.phase.empty() || !result_.boot_seconds) return;
  std::string phase = last_line(request_.phase);
  if (phase.empty() || phase == phase_) return;
  end_phase();
  phase_ = std::move(phase);
  progress_.emplace(phase_);
}

void Machine::take_beside() {
  result_.beside_status = beside_->wait();
  beside_.reset();
}

void Machine::wait_for_something() {
  std::vector<pollfd> watched;
  for (const int fd : {signals_.fd(), qemu_->pidfd(), control_.host_fd(), out_.host_fd(),
                       err_.host_fd(), log_.host_fd()}) {
    watched.push_back({fd, POLLIN, 0});
  }
  if (beside_) watched.push_back({beside_->pidfd(), POLLIN, 0});
  if (::poll(watched.data(), watched.size(), static_cast<int>(kTick.count())) < 0) {
    if (errno == EINTR) return;
    throw std::system_error(errno, std::generic_category(), "poll");
  }
  show_phase();
  const auto readable = [&](size_t index) { return watched[index].revents != 0; };
  if (readable(0)) signals_.raise();
  qemu_ended_ = readable(1);
  if (beside_ && watched.size() > 6 && readable(6)) take_beside();
  // Read the command's output first: the guest wrote it before it reported the end.
  if (readable(3)) out_.receive();
  if (readable(4)) err_.receive();
  if (readable(5)) log_.receive();
  if (readable(2)) control_.receive();
}

bool Machine::over() const {
  if (qemu_ended_ || result_.time_limit || result_.beside_status.value_or(0) != 0) return true;
  return result_.finished && !beside_;
}

void Machine::end() {
  if (result_.boot_seconds) end_phase();
  qemu_->kill(SIGKILL);
  const int status = qemu_->wait();
  if (qemu_ended_) result_.qemu_status = status;
  for (Channel* channel : {&out_, &err_, &log_, &control_}) channel->drain();
  result_.console = read_file(scratch_.path() / "console");
  result_.qemu_errors = read_file(scratch_.path() / "qemu.err");
}

Clock::duration Machine::limit() const {
  if (!result_.kvm || result_.boot_seconds) return request_.time_limit;
  return std::min(request_.time_limit, kKvmBootLimit);
}

GuestRun Machine::run() {
  result_.kvm = request_.hardware.accelerator == Accelerator::kKvm;
  start_qemu();
  while (!over()) {
    wait_for_something();
    result_.time_limit = !over() && Clock::now() - start_ > limit();
  }
  end();
  return std::move(result_);
}

}  // namespace

GuestRun run_guest(const PreparedKernel& kernel, const RunRequest& request) {
  return Machine{kernel, request}.run();
}

}  // namespace xpoll::vm

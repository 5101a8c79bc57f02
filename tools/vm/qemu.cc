// SPDX-License-Identifier: GPL-2.0-only
#include "qemu.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <stdexcept>

namespace xpoll::vm {

namespace {

constexpr int kMaxPort = 65535;

int parse_port(std::string_view text, int lowest) {
  int port = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || port < lowest ||
      port > kMaxPort) {
    throw std::invalid_argument(fmt::format("'{}' is no port number", text));
  }
  return port;
}

/** In an option's value QEMU splits at commas unless they are doubled. */
std::string escape_commas(const std::string& value) {
  std::string escaped;
  for (const char c : value) escaped.append(c == ',' ? 2 : 1, c);
  return escaped;
}

void add(Argv& argv, const Argv& more) { argv.insert(argv.end(), more.begin(), more.end()); }

void add_processor(Argv& argv, const Hardware& hardware, Architecture architecture) {
  if (hardware.accelerator == Accelerator::kKvm) {
    add(argv, {"-accel", "kvm", "-cpu", "host,arch-capabilities=off"});
  } else {
    // QEMU's own hash in place of Arm's makes pointer authentication cheap.
    const std::string newest = architecture == Architecture::kArm64 ? "max,pauth-impdef=on" : "max";
    add(argv, {"-accel", fmt::format("tcg,thread={}", hardware.parallel ? "multi" : "single"),
               "-cpu", hardware.cpu.empty() ? newest : hardware.cpu});
  }
  add(argv, {"-smp", std::to_string(hardware.cpus)});
  if (!hardware.plugin.empty()) add(argv, {"-plugin", hardware.plugin});
  // The clock counts executed instructions and skips to the next timer when the guest is idle. A
  // fixed date, since the host's date would make runs differ.
  if (hardware.icount) {
    add(argv, {"-icount", "shift=0,sleep=off", "-rtc", "base=2024-01-01,clock=vm"});
  }
}

void add_memory(Argv& argv, const Hardware& hardware, Share share) {
  add(argv, {"-m", hardware.memory});
  if (share == Share::k9p) return;
  // virtiofsd accesses the guest's memory.
  add(argv,
      {"-object", fmt::format("memory-backend-memfd,id=memory,size={},share=on", hardware.memory),
       "-numa", "node,memdev=memory"});
}

void add_9p(Argv& argv, const std::string& tag, const std::string& path, bool writable) {
  add(argv, {"-fsdev",
             fmt::format("local,id={},path={},security_model=none,multidevs=remap{}", tag,
                         escape_commas(path), writable ? "" : ",readonly=on"),
             "-device", fmt::format("virtio-9p-pci,fsdev={0},mount_tag={0}", tag)});
}

void add_virtiofs(Argv& argv, const std::string& tag, const std::string& socket) {
  add(argv, {"-chardev", fmt::format("socket,id={}-fs,path={}", tag, escape_commas(socket)),
             "-device", fmt::format("vhost-user-fs-pci,chardev={0}-fs,tag={0}", tag)});
}

void add_shares(Argv& argv, Share share, const Wiring& wiring) {
  const bool output = !wiring.output.empty();
  if (share == Share::k9p) {
    add_9p(argv, "host", "/", false);
    if (output) add_9p(argv, "out", wiring.output.string(), true);
  } else {
    add_virtiofs(argv, "host", wiring.root_socket.string());
    if (output) add_virtiofs(argv, "out", wiring.output_socket.string());
  }
}

void add_serial(Argv& argv, const std::string& id, const std::string& backend) {
  add(argv, {"-chardev", fmt::format("{},id={}", backend, id), "-serial", "chardev:" + id});
}

void add_port(Argv& argv, const std::string& id, int number, int fd) {
  add(argv, {"-chardev", fmt::format("socket,id={},fd={}", id, fd), "-device",
             fmt::format("virtserialport,chardev={},nr={}", id, number)});
}

/** A serial port besides the console. A PC has four; the Arm machine has one, so each of the
 * others is a PCI device. */
void add_other_serial(Argv& argv, Architecture architecture, const std::string& id,
                      const std::string& backend) {
  if (architecture == Architecture::kAmd64) {
    add_serial(argv, id, backend);
  } else {
    add(argv,
        {"-chardev", fmt::format("{},id={}", backend, id), "-device", "pci-serial,chardev=" + id});
  }
}

void add_channels(Argv& argv, Architecture architecture, const Wiring& wiring) {
  add_serial(argv, "console", "file,path=" + escape_commas(wiring.console.string()));
  add_other_serial(argv, architecture, "control", fmt::format("socket,fd={}", wiring.control));
  if (wiring.terminal) add_other_serial(argv, architecture, "terminal", "stdio,signal=off");
  add(argv, {"-device", "virtio-serial-pci"});
  add_port(argv, "out", 1, wiring.out);
  add_port(argv, "err", 2, wiring.err);
  add_port(argv, "log", 3, wiring.kernel_log);
}

void add_network(Argv& argv, const Hardware& hardware) {
  std::string user = "user,id=net";
  for (const Forward& forward : hardware.forwards) {
    user += fmt::format(",hostfwd=tcp:127.0.0.1:{}-:{}", forward.host_port, forward.guest_port);
  }
  add(argv, {"-netdev", user, "-device", "virtio-net-pci,netdev=net,romfile="});
}

}  // namespace

Forward parse_forward(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) {
    throw std::invalid_argument(fmt::format("'{}' is not HOSTPORT:GUESTPORT", text));
  }
  const std::string_view view = text;
  return {parse_port(view.substr(0, colon), 0), parse_port(view.substr(colon + 1), 1)};
}

void check_hardware(const Hardware& hardware) {
  const bool emulated = hardware.accelerator == Accelerator::kTcg;
  if (hardware.icount && (!emulated || hardware.parallel || hardware.cpus != 1)) {
    throw std::invalid_argument(
        "--icount needs --accel tcg and --smp 1 without --parallel: instructions can be counted on "
        "one emulated CPU only");
  }
  if (!hardware.cpu.empty() && !emulated) throw std::invalid_argument("--cpu needs --accel tcg");
  if (!hardware.plugin.empty() && !emulated) {
    throw std::invalid_argument("--qemu-plugin needs --accel tcg");
  }
}

std::string kernel_command_line(const Hardware& hardware, Architecture architecture) {
  const bool arm64 = architecture == Architecture::kArm64;
  // loglevel=5 without quiet: the console must show warnings. slab_nomerge: a leaked object is only
  // detected if its cache is not merged with others. The clock options suit emulated processors.
  std::string line = arm64 ? "console=ttyAMA0" : "console=ttyS0";
  line +=
      " loglevel=5 panic=-1 oops=panic panic_on_warn=1 slab_nomerge log_buf_len=4M "
      "mitigations=off cryptomgr.notests net.ifnames=0";
  if (hardware.accelerator == Accelerator::kTcg && !arm64) {
    line += " no_timer_check tsc=reliable clocksource=tsc";
  }
  if (hardware.icount) line += " nokaslr";
  for (const std::string& word : hardware.append) line += " " + word;
  return line;
}

Argv qemu_command(const PreparedKernel& kernel, const Hardware& hardware, const Wiring& wiring) {
  const bool arm64 = kernel.architecture == Architecture::kArm64;
  Argv argv{arm64 ? "qemu-system-aarch64" : "qemu-system-x86_64",
            "-nodefaults",
            "-no-user-config",
            "-no-reboot",
            "-display",
            "none",
            "-machine",
            arm64 ? "virt,gic-version=3" : "q35"};
  add_processor(argv, hardware, kernel.architecture);
  add_memory(argv, hardware, kernel.share);
  add(argv, {"-kernel", kernel.image().string(), "-initrd", wiring.initramfs.string(), "-append",
             kernel_command_line(hardware, kernel.architecture)});
  add_channels(argv, kernel.architecture, wiring);
  add_shares(argv, kernel.share, wiring);
  add_network(argv, hardware);
  return argv;
}

}  // namespace xpoll::vm

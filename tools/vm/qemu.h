// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "prepared_kernel.h"
#include "tools/util/process.h"

namespace xpoll::vm {

/** A TCP port on the host's loopback interface that is forwarded to the guest. */
struct Forward {
  int host_port = 0;
  int guest_port = 0;
};

enum class Accelerator { kTcg, kKvm };

/** The hardware of the virtual machine. */
struct Hardware {
  int cpus = 2;
  std::string memory = "1G";
  Accelerator accelerator = Accelerator::kTcg;
  bool parallel = false;  // with tcg: one host thread per virtual CPU
  bool icount = false;    // the guest's clock counts instructions, one per nanosecond
  std::string cpu;        // empty, or the model of the emulated CPUs
  std::string plugin;     // empty, or file and arguments of a TCG plugin, separated by commas
  std::vector<Forward> forwards;
  std::vector<std::string> append;  // for the kernel's command line
};

/** Host descriptors and paths that connect to the machine. */
struct Wiring {
  std::filesystem::path initramfs;
  std::filesystem::path console;  // file that receives the kernel's console
  int control = -1;               // sockets
  int out = -1;
  int err = -1;
  int kernel_log = -1;
  bool terminal = false;              // stdio is the guest's third serial port
  std::filesystem::path output;       // empty, or the host directory that the guest sees as /out
  std::filesystem::path root_socket;  // socket of virtiofsd, used if the kernel has no 9p
  std::filesystem::path output_socket;
};

/** "HOSTPORT:GUESTPORT"; throws std::invalid_argument. */
Forward parse_forward(const std::string& text);

/** Throws std::invalid_argument if QEMU can't emulate such a machine. */
void check_hardware(const Hardware& hardware);

std::string kernel_command_line(const Hardware& hardware, Architecture architecture);

Argv qemu_command(const PreparedKernel& kernel, const Hardware& hardware, const Wiring& wiring);

}  // namespace xpoll::vm

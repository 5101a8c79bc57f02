// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>

namespace xpoll::vm {

/** The observations of one boot of a guest. */
struct GuestRun {
  bool kvm = false;       // hardware virtualization instead of emulation
  bool ready = false;     // the guest came up, and loads the module, if there is one
  bool finished = false;  // the guest reported its end
  bool time_limit = false;
  std::optional<double> boot_seconds;  // from power-on to the start of the command
  std::optional<int> status;           // exit status of the command
  std::optional<int> beside_status;    // exit status of the command on the host
  std::string refused;                 // why the module was not loaded
  std::string stuck;                   // why the module was not unloaded
  std::string failed_step;             // step of the guest's start that failed
  bool leaks_searched = false;         // kmemleak has searched at the end
  bool leak = false;                   // it found something
  std::string console;                 // the kernel's console, from power-on to the end
  std::string kernel_log;              // all levels, up to the guest's report of its end
  std::optional<int> qemu_status;      // as a shell reports it, if QEMU ended by itself
  std::string qemu_errors;
};

}  // namespace xpoll::vm

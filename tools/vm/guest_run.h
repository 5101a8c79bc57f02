// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <optional>
#include <string>

namespace xpoll::vm {

/** What was observed of one boot of a guest. */
struct GuestRun {
  bool kvm = false;       // not emulated
  bool finished = false;  // the guest's last word arrived
  bool time_limit = false;
  std::optional<double> boot_seconds;  // power-on until the command began
  std::optional<int> status;           // of the command
  std::optional<int> beside_status;    // of the command on the host
  std::string refused;                 // why the module was not loaded
  std::string stuck;                   // why the module was not unloaded
  std::string failed_step;             // of the guest's start
  bool leak = false;                   // kmemleak found something
  std::string console;                 // the kernel's, from power-on to the end
  std::string kernel_log;              // all levels, as of the guest's last word
  std::string qemu_errors;
};

}  // namespace xpoll::vm

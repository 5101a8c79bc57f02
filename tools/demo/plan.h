// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace demo {

/// The parameters of one demonstration.
struct Plan {
  std::string kernel;
  std::filesystem::path module;
  std::filesystem::path runner;
  std::vector<std::string> runner_options;  ///< for the guest, such as --smp
  std::filesystem::path programs;           ///< directory of the echo programs and the two scripts
  std::filesystem::path guest_programs;     ///< the same for the guest, of its architecture
  std::filesystem::path out;                ///< directory for the programs' reports
  std::uint64_t guest_connections = 1000;
  std::uint64_t host_connections = 100;
  std::uint64_t messages = 20;
  std::uint64_t size = 256;

  [[nodiscard]] std::uint64_t all_connections() const {
    return guest_connections + host_connections;
  }
  [[nodiscard]] std::uint64_t all_messages() const { return all_connections() * messages; }
};

}  // namespace demo

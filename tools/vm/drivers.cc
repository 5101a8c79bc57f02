// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "cpio.h"
#include "kernel_entry.h"
#include "tools/util/file.h"
#include "tools/util/process.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

/** Module files in load order. Built-in modules are not listed. */
std::vector<fs::path> load_order(const fs::path& root, const std::string& release, Share share) {
  std::vector<std::string> wanted{"virtio_pci"};
  if (share == Share::k9p) {
    wanted.insert(wanted.end(), {"9pnet_virtio", "9p"});
  } else {
    wanted.emplace_back("virtiofs");
  }
  wanted.insert(wanted.end(), {"overlay", "virtio_console", "virtio_net"});

  std::vector<fs::path> order;
  for (const std::string& module : wanted) {
    std::istringstream lines{capture({"modprobe", "--dirname", root.string(), "--set-version",
                                      release, "--show-depends", module})};
    for (std::string line; std::getline(lines, line);) {
      std::istringstream words{line};
      std::string verb;
      std::string file;
      words >> verb >> file;
      if (verb == "insmod" && std::ranges::count(order, fs::path{file}) == 0)
        order.emplace_back(file);
    }
  }
  return order;
}

std::string module_content(const fs::path& file) {
  if (file.extension() == ".xz") return capture({"xz", "--decompress", "--stdout", file.string()});
  if (file.extension() == ".zst") {
    return capture({"zstd", "--decompress", "--stdout", "--quiet", file.string()});
  }
  return read_file(file);
}

}  // namespace

void write_drivers(const fs::path& module_root, const std::string& release, Share share,
                   const fs::path& archive) {
  CpioArchive cpio;
  cpio.add_directory("drivers");
  int number = 0;
  for (const fs::path& file : load_order(module_root, release, share)) {
    // The guest loads them in the order of their names.
    cpio.add_file(fmt::format("drivers/{:02}-{}", number++, file.stem().stem().string()),
                  module_content(file), 0644);
  }
  write_file(archive, cpio.finish());
}

}  // namespace xpoll::vm

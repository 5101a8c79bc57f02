// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <stdexcept>

#include "apt.h"
#include "file.h"
#include "kernel_entry.h"
#include "process.h"
#include "vmlinux.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kImagePrefix = "vmlinuz-";

std::string find_release(const fs::path& boot) {
  for (const auto& entry : fs::directory_iterator{boot}) {
    const std::string file = entry.path().filename();
    if (file.starts_with(kImagePrefix)) return file.substr(kImagePrefix.size());
  }
  throw std::runtime_error(fmt::format("no kernel in {}", boot.string()));
}

Share choose_share(const fs::path& config) {
  const std::string options = read_file(config);
  if (options.find("\nCONFIG_NET_9P_VIRTIO=") != std::string::npos) return Share::k9p;
  if (options.find("\nCONFIG_VIRTIO_FS=") != std::string::npos) return Share::kVirtiofs;
  throw std::runtime_error(
      fmt::format("{}: neither 9p nor virtiofs, the guest could not reach its root",
                  config.filename().string()));
}

}  // namespace

EntryInfo build_stock_entry(const Kernel& kernel, const fs::path& directory) {
  const fs::path unpacked = directory / "image";
  for (const Package& package : resolve_dependencies(std::string{kernel.image}, {"linux-image-"})) {
    unpack(package, unpacked);
  }
  EntryInfo info;
  info.release = find_release(unpacked / "boot");
  info.share = choose_share(unpacked / "boot" / ("config-" + info.release));
  extract_vmlinux(unpacked / "boot" / ("vmlinuz-" + info.release), directory / "vmlinux");
  fs::rename(unpacked / "lib", directory / "lib");
  fs::remove_all(unpacked);

  run_checked({"depmod", "--basedir", directory.string(), info.release});
  write_drivers(directory, info.release, info.share, directory / "drivers.cpio");
  unpack_headers(kernel, info.release, directory);
  return info;
}

}  // namespace xpoll::vm

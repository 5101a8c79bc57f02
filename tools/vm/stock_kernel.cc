// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "apt.h"
#include "kernel_entry.h"
#include "progress.h"
#include "tools/util/file.h"
#include "tools/util/process.h"
#include "vmlinux.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kImagePrefix = "vmlinuz-";

struct StockPackages {
  std::vector<Package> image;
  std::vector<Package> headers;
};

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

StockPackages find_packages(const Kernel& kernel) {
  Progress progress{fmt::format("asking apt for the packages of {}", kernel.name)};
  StockPackages packages{resolve_dependencies(std::string{kernel.image}, {"linux-image-"}),
                         header_packages(kernel)};
  progress.done();
  return packages;
}

/** Extracts the kernel, its modules and the drivers for the guest's start from its packages. */
EntryInfo unpack_image(const std::vector<Package>& packages, const fs::path& directory) {
  const fs::path unpacked = directory / "image";
  for (const Package& package : packages) unpack(package, unpacked);
  EntryInfo info;
  info.release = find_release(unpacked / "boot");
  info.share = choose_share(unpacked / "boot" / ("config-" + info.release));
  extract_vmlinux(unpacked / "boot" / ("vmlinuz-" + info.release), directory / "vmlinux");
  fs::rename(unpacked / "lib", directory / "lib");
  fs::remove_all(unpacked);

  run_checked({"depmod", "--basedir", directory.string(), info.release});
  write_drivers(directory, info.release, info.share, directory / "drivers.cpio");
  return info;
}

}  // namespace

EntryInfo build_stock_entry(const Kernel& kernel, const Package& image, const fs::path& directory) {
  const StockPackages packages = find_packages(kernel);
  for (const auto* list : {&packages.image, &packages.headers}) {
    for (const Package& package : *list) download(package);
  }
  Progress progress{fmt::format("unpacking {} ({})", kernel.name, image.version)};
  const EntryInfo info = unpack_image(packages.image, directory);
  unpack_headers(packages.headers, info.release, directory);
  progress.done();
  return info;
}

}  // namespace xpoll::vm

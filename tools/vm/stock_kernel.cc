// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include "apt.h"
#include "guest_root.h"
#include "kernel_entry.h"
#include "progress.h"
#include "tools/util/file.h"
#include "tools/util/process.h"
#include "vmlinux.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

struct StockPackages {
  std::vector<Package> image;
  std::vector<Package> headers;
};

/** The files of unpacked packages. */
struct ImageFiles {
  std::string release;
  fs::path vmlinuz;
  fs::path config;
};

/** Since Debian 13 modules are below /usr, since 7.x the kernel is beside them instead of in /boot.
 */
ImageFiles find_files(const fs::path& unpacked) {
  for (const char* parent : {"lib", "usr/lib"}) {
    const fs::path modules = unpacked / parent / "modules";
    if (!fs::exists(modules)) continue;
    for (const auto& entry : fs::directory_iterator{modules}) {
      const std::string release = entry.path().filename();
      const fs::path boot = unpacked / "boot";
      if (fs::exists(entry.path() / "vmlinuz"))
        return {release, entry.path() / "vmlinuz", entry.path() / "config"};
      if (fs::exists(boot / ("vmlinuz-" + release)))
        return {release, boot / ("vmlinuz-" + release), boot / ("config-" + release)};
    }
  }
  throw std::runtime_error(fmt::format("no kernel in {}", unpacked.string()));
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
  const Package image = resolve(std::string{kernel.image}, std::string{kernel.suite});
  StockPackages packages{resolve_dependencies(image, {"linux-image-", "linux-binary-",
                                                      "linux-modules-", "linux-base-"}),
                         header_packages(kernel)};
  progress.done();
  return packages;
}

/** Extracts the kernel, its modules and the drivers for the guest's start from its packages. */
EntryInfo unpack_image(const std::vector<Package>& packages, Architecture architecture,
                       const fs::path& directory) {
  const fs::path unpacked = directory / "image";
  for (const Package& package : packages) unpack(package, unpacked);
  const ImageFiles files = find_files(unpacked);
  EntryInfo info;
  info.release = files.release;
  info.share = choose_share(files.config);
  if (architecture == Architecture::kAmd64) {
    extract_vmlinux(files.vmlinuz, directory / "vmlinux");
  } else {
    fs::rename(files.vmlinuz, directory / "Image");
  }
  fs::create_directory(directory / "lib");
  const bool merged = !fs::exists(unpacked / "lib" / "modules");
  fs::rename(unpacked / (merged ? "usr/lib/modules" : "lib/modules"),
             directory / "lib" / "modules");
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
  const std::optional<Toolchain> toolchain = toolchain_for(packages.headers);
  const fs::path root = guest_root(kernel.architecture());
  Progress progress{fmt::format("unpacking {} ({})", kernel.name, image.version)};
  EntryInfo info = unpack_image(packages.image, kernel.architecture(), directory);
  info.root = root;
  unpack_headers(packages.headers, info.release, toolchain, directory);
  progress.done();
  return info;
}

}  // namespace xpoll::vm

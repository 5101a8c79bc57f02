// SPDX-License-Identifier: GPL-2.0-only
#include "virtiofs.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <stdexcept>

#include "tools/util/checked.h"
#include "tools/util/file.h"

namespace xpoll::vm {

namespace fs = std::filesystem;

namespace {

constexpr const char* kProgram = "/usr/lib/qemu/virtiofsd";

/** virtiofsd has no read-only option, so it runs in a mount namespace where nothing is writable. */
void make_host_read_only() {
  checked(::unshare(CLONE_NEWNS), "unshare");
  checked(::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr), "mount");
  mount_attr attributes{};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  checked(::mount_setattr(AT_FDCWD, "/", AT_RECURSIVE, &attributes, sizeof(attributes)),
          "mount_setattr");
}

/** Listens before the server starts, so that QEMU can connect at any time. */
unique_fd listen_on(const fs::path& path) {
  unique_fd listener{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  checked(listener.get(), "socket");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string& name = path.native();
  if (name.size() >= sizeof(address.sun_path)) {
    throw std::runtime_error(fmt::format("the path of a socket is too long: {}", name));
  }
  name.copy(static_cast<char*>(address.sun_path), name.size());
  checked(::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), sizeof(address)), "bind");
  checked(::listen(listener.get(), 1), "listen");
  return listener;
}

}  // namespace

std::unique_ptr<Child> serve_virtiofs(const fs::path& directory, const fs::path& socket,
                                      bool writable) {
  if (!fs::exists(kProgram)) {
    throw std::runtime_error(fmt::format(
        "{} is missing: the cloud kernels have no 9p, install qemu-system-common", kProgram));
  }
  if (::geteuid() != 0) {
    throw std::runtime_error("the cloud kernels have no 9p and virtiofsd runs as root only");
  }
  const unique_fd listener = listen_on(socket);
  const unique_fd log = open_file(socket.string() + ".log", O_WRONLY | O_CREAT | O_TRUNC);
  ChildSetup setup;
  setup.inherited = {listener.get()};
  setup.out = log.get();
  setup.err = log.get();
  if (!writable) setup.before_exec = make_host_read_only;
  return std::make_unique<Child>(
      Argv{kProgram, fmt::format("--fd={}", listener.get()), "-o", "source=" + directory.string(),
           "-o", "sandbox=chroot", "-o", writable ? "cache=auto" : "cache=always"},
      setup);
}

}  // namespace xpoll::vm

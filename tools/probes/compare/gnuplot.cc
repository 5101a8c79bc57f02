// SPDX-License-Identifier: GPL-2.0-only
#include "gnuplot.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include "command.h"
#include "probes/util/unavailable.h"
#include "tools/util/checked.h"

namespace probes::compare {
namespace {

using xpoll::checked;

/// An unlinked file that another program can open.
class Script final {
 public:
  explicit Script(const std::string& text)
      : file_(checked(memfd_create("figure.gp", MFD_CLOEXEC), "memfd_create")) {
    for (std::size_t done = 0; done < text.size();)
      done += static_cast<std::size_t>(checked(
          static_cast<int>(write(file_.get(), text.data() + done, text.size() - done)), "write"));
  }

  [[nodiscard]] std::string path() const {
    return fmt::format("/proc/{}/fd/{}", getpid(), file_.get());
  }

 private:
  xpoll::unique_fd file_;
};

constexpr const char* kProgram = "gnuplot";

std::string run_gnuplot(const Words& arguments) {
  Words words{kProgram};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Command gnuplot(words, Command::Output::kept);
  gnuplot.release();
  if (const int status = gnuplot.wait(); status != 0)
    throw Unavailable(fmt::format("gnuplot ended with status {}", status));
  return gnuplot.output();
}

}  // namespace

void require_gnuplot() {
  try {
    run_gnuplot({"--version"});
  } catch (const Unavailable& failure) {
    throw Unavailable(
        fmt::format("{}: the picture needs it (Debian: gnuplot-nox)", failure.what()));
  }
}

std::string draw(const std::string& commands) {
  const Script script(commands);
  return run_gnuplot({script.path()});
}

}  // namespace probes::compare

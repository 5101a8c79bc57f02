// SPDX-License-Identifier: GPL-2.0-only
#include "wake_program.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <vector>

#include "libbpf_log.h"

namespace xpoll {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const std::string& why) { throw std::runtime_error(why); }

/// libbpf has error numbers beyond errno's.
std::string message_of(int error) {
  std::array<char, 256> text{};
  libbpf_strerror(error, text.data(), text.size());
  return text.data();
}

bpf_object* open_object(const fs::path& file) {
  bpf_object* object = bpf_object__open_file(file.c_str(), nullptr);
  if (!object) refuse(fmt::format("can't read {}: {}", file.native(), message_of(errno)));
  return object;
}

bool can_choose(const bpf_program* program) {
  return bpf_program__type(program) == BPF_PROG_TYPE_RAW_TRACEPOINT;
}

/// Programs of other types are not loaded.
bpf_program* only_program(bpf_object* object, const fs::path& file) {
  std::vector<bpf_program*> found;
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object) {
    if (can_choose(program)) found.push_back(program);
    bpf_program__set_autoload(program, can_choose(program));
  }
  if (found.size() != 1)
    refuse(fmt::format("{} has {} programs of type raw tracepoint (SEC(\"raw_tp\")), not one",
                       file.native(), found.size()));
  return found.front();
}

void load(bpf_object* object, const fs::path& file, const LibbpfLog& log) {
  const int error = -bpf_object__load(object);
  if (error == EPERM)
    refuse(
        fmt::format("no permission to load {}: run as root, or give this program CAP_BPF and "
                    "CAP_PERFMON (setcap cap_bpf,cap_perfmon+ep FILE)",
                    file.native()));
  if (error != 0)
    refuse(fmt::format("can't load {}: {}\n{}", file.native(), message_of(error), log.text()));
}

}  // namespace

WakeProgram::WakeProgram(const fs::path& file) : program_(nullptr) {
  const LibbpfLog log;
  object_.reset(open_object(file));
  program_ = only_program(object_.get(), file);
  load(object_.get(), file, log);
}

}  // namespace xpoll

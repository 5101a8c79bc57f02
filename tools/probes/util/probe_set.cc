// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/probe_set.h"

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>
#include <utility>

#include "probes/util/attachable.h"
#include "probes/util/unavailable.h"

namespace probes {
namespace {

/// A section's name is KIND/TARGET.
ProbeUse parse(const bpf_program* program) {
  const std::string_view section = bpf_program__section_name(program);
  const auto slash = section.find('/');
  if (slash == std::string_view::npos)
    throw std::logic_error(fmt::format("section {} names no target", section));
  return {bpf_program__name(program), std::string(section.substr(0, slash)),
          std::string(section.substr(slash + 1))};
}

}  // namespace

ProbeSet::ProbeSet(bpf_object* object, Options options) : object_(object), options_(options) {
  bpf_program* program = nullptr;
  bpf_object__for_each_program(program, object_) bpf_program__set_autoload(program, false);
}

void ProbeSet::tracepoint(const char* name) {
  bpf_program* program = find(name);
  const std::string target = parse(program).target;
  if (!tracepoint_there(target))
    throw Unavailable(fmt::format("this kernel has no tracepoint {}", target));
  use(program);
}

void ProbeSet::function(const char* name, std::initializer_list<const char*> otherwise) {
  bpf_program* program = find(name);
  if (!options_.kprobes_only && fentry_possible(parse(program).target)) {
    use(program);
    return;
  }
  for (const char* other : otherwise) use(find(other));
}

void ProbeSet::use(bpf_program* program) {
  bpf_program__set_autoload(program, true);
  uses_.push_back(parse(program));
}

bpf_program* ProbeSet::find(const char* name) const {
  bpf_program* program = bpf_object__find_program_by_name(object_, name);
  if (program == nullptr) throw std::logic_error(fmt::format("no eBPF program {}", name));
  return program;
}

std::string describe(const std::vector<ProbeUse>& uses) {
  std::string text;
  for (const ProbeUse& use : uses) {
    if (!text.empty()) text += ", ";
    text += use.kind + ' ' + use.target;
  }
  return text;
}

}  // namespace probes

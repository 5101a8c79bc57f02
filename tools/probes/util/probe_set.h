// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <initializer_list>
#include <string>
#include <vector>

// Which programs of an object are loaded, by what this kernel offers: a tracepoint where there is
// one, else fentry, else a kprobe. Between opening the object and loading it:
//
//   ProbeSet probes(skeleton->obj, {.kprobes_only = options.kprobes});
//   probes.tracepoint("switched");
//   probes.function("polled", {"polled_kprobe", "polled_kretprobe"});
//   probes.leave_out("native_called");
//   ... load, attach ...
//   for (const ProbeUse& use : probes.uses()) ...
//
// A program goes by its name in the object, and its section says what it is attached to. Programs
// that are not named are left out.

namespace probes {

/// A program that is used.
struct ProbeUse {
  std::string program;
  std::string kind;    ///< "raw_tp", "tp_btf", "fentry", "fexit", "kprobe", "kretprobe"
  std::string target;  ///< tracepoint or function
};

struct ProbeSetOptions {
  bool kprobes_only = false;  ///< for functions, even where fentry would do
};

class ProbeSet {
 public:
  using Options = ProbeSetOptions;

  explicit ProbeSet(bpf_object* object, Options options = {});

  /// Uses the program, which is attached to a tracepoint; throws Unavailable if that is not there.
  void tracepoint(const char* program);

  /// Uses the program, of type fentry or fexit, or if that is not possible the others in its stead,
  /// of types kprobe and kretprobe.
  void function(const char* program, std::initializer_list<const char*> otherwise);

  [[nodiscard]] const std::vector<ProbeUse>& uses() const { return uses_; }

 private:
  void use(bpf_program* program);
  bpf_program* find(const char* name) const;

  bpf_object* object_;
  Options options_;
  std::vector<ProbeUse> uses_;
};

/// "fentry tcp_v4_rcv, raw_tp xpoll_callback": for a line that says what a tool looks through.
std::string describe(const std::vector<ProbeUse>& uses);

}  // namespace probes

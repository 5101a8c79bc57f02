// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <initializer_list>
#include <string>
#include <vector>

// Chooses the programs of an object to load, by what this kernel offers: a tracepoint where there
// is one, else fentry, else a kprobe. Use it between opening and loading the object:
//
//   ProbeSet probes(skeleton->obj, {.kprobes_only = options.kprobes});
//   probes.tracepoint("switched");
//   probes.function("polled", {"polled_kprobe", "polled_kretprobe"});
//   probes.leave_out("native_called");
//   ... load, attach ...
//   for (const ProbeUse& use : probes.uses()) ...
//
// A program is named as in the object; its section says what it attaches to. Programs that are not
// named are left out.

namespace probes {

/// A program that is used.
struct ProbeUse {
  std::string program;
  std::string kind;    ///< "raw_tp", "tp_btf", "fentry", "fexit", "kprobe", "kretprobe"
  std::string target;  ///< tracepoint or function
};

struct ProbeSetOptions {
  bool kprobes_only = false;  ///< use kprobes for functions even where fentry is available
};

class ProbeSet {
 public:
  using Options = ProbeSetOptions;

  explicit ProbeSet(bpf_object* object, Options options = {});

  /// Uses this program, which attaches to a tracepoint. Throws Unavailable if there is no such
  /// tracepoint.
  void tracepoint(const char* program);

  /// Uses this program, of type fentry or fexit, or if that is impossible the kprobe and kretprobe
  /// programs in `otherwise`.
  void function(const char* program, std::initializer_list<const char*> otherwise);

  [[nodiscard]] const std::vector<ProbeUse>& uses() const { return uses_; }

 private:
  void use(bpf_program* program);
  bpf_program* find(const char* name) const;

  bpf_object* object_;
  Options options_;
  std::vector<ProbeUse> uses_;
};

/// "fentry tcp_v4_rcv, raw_tp xpoll_callback": names the probes in use.
std::string describe(const std::vector<ProbeUse>& uses);

}  // namespace probes

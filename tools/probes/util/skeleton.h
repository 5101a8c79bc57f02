// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <bpf/libbpf.h>

#include <memory>
#include <string>

#include "tools/util/libbpf_log.h"

// An opened skeleton of bpftool's that is destroyed with its owner:
//
//   Skeleton<path_bpf> bpf;                  open
//   bpf->rodata->only_port = 7000;
//   ... choose programs by ProbeSet ...
//   bpf.load_and_attach();

namespace probes {

template <typename T>
class Skeleton {
 public:
  Skeleton() : skeleton_(T::open(nullptr)) {
    if (!skeleton_) log_.fail("opening the eBPF object");
  }

  /// Throws std::runtime_error with the messages of libbpf and the kernel.
  void load_and_attach() {
    if (T::load(skeleton_.get()) != 0) log_.fail("loading the eBPF programs");
    if (T::attach(skeleton_.get()) != 0) log_.fail("attaching the eBPF programs");
  }

  /// Detaches the programs. The maps can still be read.
  void detach() { T::detach(skeleton_.get()); }

  T* operator->() const { return skeleton_.get(); }
  T& operator*() const { return *skeleton_; }

 private:
  struct Destroy {
    void operator()(T* skeleton) const { T::destroy(skeleton); }
  };

  xpoll::LibbpfLog log_;
  std::unique_ptr<T, Destroy> skeleton_;
};

}  // namespace probes

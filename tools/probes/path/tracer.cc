// SPDX-License-Identifier: GPL-2.0-only
#include "probes/path/tracer.h"

#include <utility>

#include "probes/path.skel.h"
#include "probes/path/assembler.h"
#include "probes/util/missed_hits.h"
#include "probes/util/per_cpu.h"
#include "probes/util/preconditions.h"
#include "probes/util/ring_reader.h"
#include "probes/util/skeleton.h"

namespace probes::path {
namespace {

void choose_common(ProbeSet& probes) {
  probes.tracepoint("received");
  probes.function("tcp_entered", {"tcp_entered_kprobe"});
  probes.function("established_entered", {"established_entered_kprobe"});
  probes.function("readable_entered", {"readable_entered_kprobe"});
  probes.tracepoint("waking");
  probes.tracepoint("switched");
  probes.function("polled", {"polled_kprobe", "polled_kretprobe"});
}

void choose_native(ProbeSet& probes) {
  probes.function("native_called", {"native_called_kprobe"});
  probes.function("native_wait", {"native_wait_kprobe"});
  probes.function("native_returned", {"native_returned_kretprobe"});
}

void choose_xpoll(ProbeSet& probes) {
  probes.tracepoint("xpoll_called");
  probes.tracepoint("xpoll_wait");
  probes.tracepoint("xpoll_returned");
}

void set_options(path_bpf& bpf, const TracerOptions& options) {
  constexpr std::uint32_t kKib = 1024;
  constexpr std::uint32_t kWakeupPart = 16;
  const std::uint32_t buffer = options.buffer_kib * kKib;
  bpf_map__set_max_entries(bpf.maps.records, buffer);
  auto& rodata = *bpf.rodata;
  rodata.only_port = options.port.value_or(0);
  rodata.only_tgid = options.pid.value_or(0);
  rodata.only_fd = options.fd.value_or(-1);
  rodata.wakeup_bytes = options.prompt ? 0 : buffer / kWakeupPart;
}

}  // namespace

class Tracer::Implementation {
 public:
  Implementation(const TracerOptions& options, Take take)
      : probes_(bpf_->obj, {.kprobes_only = options.kprobes}), assembler_(std::move(take)) {
    if (options.xpoll) require_xpoll();
    set_options(*bpf_, options);
    choose_common(probes_);
    if (options.native) choose_native(probes_);
    if (options.xpoll) choose_xpoll(probes_);
    bpf_.load_and_attach();
    reader_ = std::make_unique<RingReader>(
        bpf_->maps.records, [this](RingReader::Record record) { assembler_.add(record); });
  }

  [[nodiscard]] int fd() const { return reader_->fd(); }
  void drain() { reader_->drain(); }

  void stop() {
    bpf_.detach();
    drain();
    assembler_.end();
  }

  [[nodiscard]] Losses losses() const {
    const auto count = [this](path_count which) {
      return sum_of_processors(bpf_->maps.counts, which);
    };
    return {.records = count(PATH_LOST_RECORDS),
            .entries = count(PATH_LOST_STATE),
            .hits = missed_hits(bpf_->obj, probes_.uses()),
            .incomplete = assembler_.incomplete()};
  }

  [[nodiscard]] const std::vector<ProbeUse>& probes() const { return probes_.uses(); }

 private:
  Skeleton<path_bpf> bpf_;
  ProbeSet probes_;
  Assembler assembler_;
  std::unique_ptr<RingReader> reader_;
};

namespace {

const TracerOptions& checked(const TracerOptions& options) {
  require_bpf();
  return options;
}

}  // namespace

Tracer::Tracer(const TracerOptions& options, Take take)
    : implementation_(std::make_unique<Implementation>(checked(options), std::move(take))) {}
Tracer::Tracer(Tracer&&) noexcept = default;
Tracer& Tracer::operator=(Tracer&&) noexcept = default;
Tracer::~Tracer() = default;

int Tracer::fd() const { return implementation_->fd(); }
void Tracer::drain() { implementation_->drain(); }
void Tracer::stop() { implementation_->stop(); }
Losses Tracer::losses() const { return implementation_->losses(); }
const std::vector<ProbeUse>& Tracer::probes() const { return implementation_->probes(); }

}  // namespace probes::path

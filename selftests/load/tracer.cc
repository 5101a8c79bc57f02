// SPDX-License-Identifier: GPL-2.0-only
#include "load/tracer.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "load/hooks.h"
#include "load/pseudo_file.h"
#include "tools/util/checked.h"

namespace xpoll::test {
namespace {

std::string tracing(const std::string& file) { return kTracing + file; }

class FunctionTracer : public Tracer {
 public:
  explicit FunctionTracer(std::string name) : name_(std::move(name)) {}
  FunctionTracer(const FunctionTracer&) = delete;
  FunctionTracer& operator=(const FunctionTracer&) = delete;
  ~FunctionTracer() override {
    write_text(tracing("current_tracer"), "nop");
    write_text(tracing("set_ftrace_filter"), "\n");
  }

  bool available() const override {
    std::istringstream names(read_text(tracing("available_tracers")));
    const std::istream_iterator<std::string> end;
    return std::find(std::istream_iterator<std::string>(names), end, name_) != end;
  }

  void start() override {
    must_write(tracing("set_ftrace_filter"), std::string(kFirstHook) + " " + kSecondHook + "\n");
    must_write(tracing("current_tracer"), name_);
  }

  void stop() override { must_write(tracing("current_tracer"), "nop"); }

 private:
  std::string name_;
};

class Probe : public Tracer {
 public:
  explicit Probe(char kind) : kind_(kind) {}
  Probe(const Probe&) = delete;
  Probe& operator=(const Probe&) = delete;
  ~Probe() override {
    if (!std::filesystem::exists(switch_file())) return;
    write_text(switch_file(), "0");
    write_text(tracing("kprobe_events"), "-:" + event(), O_APPEND);
  }

  bool available() const override { return std::filesystem::exists(tracing("kprobe_events")); }

  void start() override {
    must_write(tracing("kprobe_events"), kind_ + (":" + event() + " ") + kFirstHook, O_APPEND);
    must_write(switch_file(), "1");
  }

  void stop() override {
    must_write(switch_file(), "0");
    must_write(tracing("kprobe_events"), "-:" + event(), O_APPEND);
  }

 private:
  std::string event() const { return std::string("xpoll_load/") + kind_; }
  std::string switch_file() const { return tracing("events/" + event() + "/enable"); }

  char kind_;
};

}  // namespace

std::unique_ptr<Tracer> function_tracer(const std::string& name) {
  return std::make_unique<FunctionTracer>(name);
}

std::unique_ptr<Tracer> probe(char kind) { return std::make_unique<Probe>(kind); }

bool Tracers::available() const {
  return std::ranges::all_of(tracers_, [](const auto& tracer) { return tracer->available(); });
}

void Tracers::start() {
  for (const auto& tracer : tracers_) tracer->start();
}

void Tracers::stop() {
  std::for_each(tracers_.rbegin(), tracers_.rend(), [](const auto& tracer) { tracer->stop(); });
}

std::string beginning_of_trace() {
  std::ifstream trace(tracing("trace"));
  checked(trace ? 0 : -1, "open of the trace");
  std::array<char, 65536> text{};
  trace.read(text.data(), text.size());
  return {text.data(), static_cast<std::size_t>(trace.gcount())};
}

void clear_trace() { must_write(tracing("trace"), "\n"); }

}  // namespace xpoll::test

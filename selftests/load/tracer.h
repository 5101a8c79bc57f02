// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace xpoll::test {

constexpr const char* kTracing = "/sys/kernel/tracing/";

// A kernel facility that traces a function. The destructor ends the tracing.
class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual bool available() const = 0;
  virtual void start() = 0;
  virtual void stop() = 0;
};

// The "function" or "function_graph" tracer on both functions that the module may hook.
std::unique_ptr<Tracer> function_tracer(const std::string& name);
// A kprobe at the entry ('p') or return ('r') of the first one.
std::unique_ptr<Tracer> probe(char kind);

// Several tracers at once.
class Tracers {
 public:
  explicit Tracers(std::vector<std::unique_ptr<Tracer>> tracers) : tracers_(std::move(tracers)) {}

  bool available() const;
  void start();
  void stop();

 private:
  std::vector<std::unique_ptr<Tracer>> tracers_;
};

// The first part of the trace so far, long enough to show which tracers write to it.
std::string beginning_of_trace();
void clear_trace();

}  // namespace xpoll::test

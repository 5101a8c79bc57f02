// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace xpoll::test {

constexpr const char* kTracing = "/sys/kernel/tracing/";

// Something of the kernel's that can be told to look at a function. Ends what it began.
class Tracer {
 public:
  virtual ~Tracer() = default;
  virtual bool available() const = 0;
  virtual void start() = 0;
  virtual void stop() = 0;
};

// "function" or "function_graph", on both functions that the module may hook.
std::unique_ptr<Tracer> function_tracer(const std::string& name);
// A probe at the entry ('p') or the return ('r') of the first one.
std::unique_ptr<Tracer> probe(char kind);

// Several at once.
class Tracers {
 public:
  explicit Tracers(std::vector<std::unique_ptr<Tracer>> tracers) : tracers_(std::move(tracers)) {}

  bool available() const;
  void start();
  void stop();

 private:
  std::vector<std::unique_ptr<Tracer>> tracers_;
};

// What is in the trace so far begins so; enough of it to see who writes there.
std::string beginning_of_trace();
void clear_trace();

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
// Threads that post and take events as fast as they can, on one instance or on instances of their
// own, between the marks that QEMU's plugin for contention counts by.
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <barrier>
#include <functional>
#include <memory>
#include <nlohmann/json.hpp>
#include <numeric>
#include <thread>
#include <vector>

#include "backend/epoll.h"
#include "backend/xpoll.h"
#include "profile/mark.h"
#include "tools/util/eventfd.h"
#include "tools/util/file.h"
#include "tools/util/run_program.h"

namespace {

using namespace bench;

constexpr const char* kExamples = R"help(Examples:
  make contention SMP=4
The counts come from QEMU's plugin: without it the program just runs.
)help";

constexpr int kFilesOfThread = 4;
constexpr std::uint32_t kLevel = EPOLLIN;
constexpr std::uint32_t kOneshot = EPOLLIN | EPOLLONESHOT;

struct Row {
  std::string mode;     // level or oneshot
  std::string sharing;  // shared: one instance; own: one for each thread
  int threads = 0;
};

/// Each thread posts to its files in turn, and takes one event after each post. The eventfds are
/// semaphores with a count each from the start, so a wait finds an event, and the threads meet on
/// locks instead of in sleep.
template <typename Backend>
class Crew {
 public:
  Crew(const Row& row, int events_of_thread)
      : oneshot_{row.mode == "oneshot"}, events_{events_of_thread}, start_{row.threads + 1} {
    const int instances = row.sharing == "shared" ? 1 : row.threads;
    for (int index = 0; index < instances; ++index)
      instances_.push_back(std::make_unique<Backend>());
    for (int index = 0; index < row.threads * kFilesOfThread; ++index) {
      files_.push_back(xpoll::checked_fd(eventfd(1, EFD_SEMAPHORE | EFD_NONBLOCK), "eventfd"));
      const int owner = index / kFilesOfThread % instances;
      xpoll::checked(instances_[owner]->add(files_.back().get(), mask()), "add");
    }
  }

  void run() {
    std::vector<std::jthread> threads;
    const int size = static_cast<int>(files_.size()) / kFilesOfThread;
    for (int index = 0; index < size; ++index) {
      threads.emplace_back([this, index] { work(index); });
    }
    start_.arrive_and_wait();
    put_mark<Mark::kBegin>();
    go_ = true;
    go_.notify_all();
    threads.clear();
    put_mark<Mark::kEnd>();
  }

 private:
  [[nodiscard]] std::uint32_t mask() const { return oneshot_ ? kOneshot : kLevel; }

  void work(int thread) {
    Backend& instance = *instances_[thread % instances_.size()];
    start_.arrive_and_wait();
    go_.wait(false);
    for (int event = 0; event < events_; ++event) {
      xpoll::post(files_[thread * kFilesOfThread + event % kFilesOfThread]);
      take(instance);
    }
  }

  void take(Backend& instance) {
    std::array<epoll_event, 1> event{};
    eventfd_t count = 0;
    int fd = -1;
    do {
      xpoll::checked(instance.wait(event, -1), "wait");
      fd = event[0].data.fd;
      // Another thread may have got the same event of a level-triggered watch.
    } while (eventfd_read(fd, &count) < 0);
    if (oneshot_) xpoll::checked(instance.mod(fd, kOneshot), "mod");
  }

  bool oneshot_;
  int events_;
  std::barrier<> start_;
  std::atomic<bool> go_{false};
  std::vector<std::unique_ptr<Backend>> instances_;
  std::vector<xpoll::unique_fd> files_;
};

std::vector<Row> all_rows(int most_threads) {
  std::vector<Row> rows;
  for (const char* mode : {"level", "oneshot"}) {
    for (const char* sharing : {"shared", "own"}) {
      for (int threads = 1; threads <= most_threads; threads *= 2) {
        const bool is_repeated = threads == 1 && sharing == std::string_view{"own"};
        if (!is_repeated) rows.push_back({mode, sharing, threads});
      }
    }
  }
  return rows;
}

template <typename Backend>
nlohmann::json measure(const Row& row, int events) {
  const int of_thread = events / row.threads;
  Crew<Backend>(row, of_thread).run();
  fmt::print("{}/{}/{}/{}\n", row.mode, row.sharing, row.threads, Backend::kName);
  std::fflush(stdout);
  return {{"mode", row.mode},
          {"sharing", row.sharing},
          {"threads", row.threads},
          {"backend", Backend::kName},
          {"events", of_thread * row.threads}};
}

nlohmann::json run(int most_threads, int events) {
  utsname name{};
  uname(&name);
  nlohmann::json results{{"kernel_release", name.release},
                         {"kernel_version", name.version},
                         {"processors", std::thread::hardware_concurrency()}};
  for (const Row& row : all_rows(most_threads)) {
    results["rows"].push_back(measure<Epoll>(row, events));
    results["rows"].push_back(measure<Xpoll>(row, events));
  }
  put_mark<Mark::kDone>();
  return results;
}

}  // namespace

int main(int argc, char** argv) {
  int most_threads = 8;
  int events = 16'384;
  std::string out;
  CLI::App app{"Lets threads contend for events, on native epoll and on xpoll."};
  app.footer(kExamples);
  app.add_option("--threads", most_threads, "Measure 1, 2, 4 ... threads up to this number")
      ->capture_default_str()
      ->check(CLI::Range(1, 64));
  app.add_option("--events", events, "Events of each row, of all threads together")
      ->capture_default_str()
      ->check(CLI::Range(64, 10'000'000));
  app.add_option("--out", out, "Write the rows as JSON to this file");
  CLI11_PARSE(app, argc, argv);
  return xpoll::run_program("xpoll-contention", 1, [&] {
    const nlohmann::json results = run(most_threads, events);
    if (!out.empty()) xpoll::write_file(out, results.dump(2) + "\n");
    return 0;
  });
}

// SPDX-License-Identifier: GPL-2.0-only
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "apt.h"
#include "cache.h"
#include "checkpatch.h"
#include "kernel_source.h"
#include "kernel_table.h"
#include "npm_packages.h"
#include "prepared_kernel.h"
#include "run_command.h"
#include "signals.h"
#include "terminal.h"
#include "toolchain.h"
#include "tools/util/process.h"
#include "tools/util/text_table.h"
#include "tools/util/version.h"
#include "unpacked_packages.h"

namespace fs = std::filesystem;
using xpoll::Argv;
using xpoll::DiskFull;
using namespace xpoll::vm;

namespace {

constexpr int kUsageError = 2;
constexpr int kArchiveUnreachable = 117;
constexpr int kRunnerFailed = 118;

constexpr const char* kExamples = R"help(Examples:
  xpoll-vm list
  xpoll-vm fetch 6.1-amd64 6.12-rt
  xpoll-vm run --kernel 6.1-amd64 -- uname -a
  xpoll-vm run --kernel 6.12-rt --module build/6.12-rt/xpoll.ko -- ls -l /dev/xpoll
  xpoll-vm run --kernel 6.1-amd64 --smp 4 --parallel -- build/host/xpoll-selftests
  xpoll-vm run --kernel 6.1-amd64 --forward 0:7 \
      --beside 'build/host/xpoll-echo-client --connect 127.0.0.1:$XPOLL_FORWARD_PORT --connections 1' \
      -- build/host/xpoll-echo --backend native --address 0.0.0.0 --port 7 --expect-connections 1
  xpoll-vm run --kernel 6.1-amd64 --icount --module build/6.1-amd64/xpoll.ko -- build/host/xpoll-bench
  xpoll-vm shell --kernel 6.1-amd64 --module build/6.1-amd64/xpoll.ko
  ls "$(xpoll-vm packages redis-server redis-tools)/usr/bin"
  ls "$(xpoll-vm npm ~/server)"
  ls "$(xpoll-vm source 6.1 tools/testing/selftests/filesystems/epoll)"
  make -C "$(xpoll-vm kdir 6.1-amd64)" M="$PWD" modules
  bpftool btf dump file "$(xpoll-vm image 6.1-amd64)" format c >vmlinux.h
)help";

constexpr const char* kGuest =
    R"help(In the guest you are root and see this machine's files under the same paths. Changes are kept in
memory and lost at the end, except in /out (see --out). /tmp starts empty, except for what the
command line names. The guest has its own environment: set variables with env(1).
)help";

constexpr const char* kExitStatus =
    R"help(Exit status of run and shell: the command's, unless the guest reported something worse:
  117 no network                   122 the kernel complained in its log
  118 the runner itself failed     123 objects leaked
  119 the command of --beside      124 time limit
  120 no boot                      125 the module did not unload
  121 the kernel crashed           126 the module was refused
)help";

struct Options {
  std::vector<std::string> kernels;
  std::vector<std::string> packages;
  std::string suite;
  std::string npm;
  std::string series;
  std::vector<std::string> sources;
  std::string kernel = "6.1-amd64";
  std::string accelerator = "tcg";
  std::string module;
  std::string output;
  std::string json;
  std::string log;
  std::string rcfile;
  std::vector<std::string> forwards;
  std::optional<int> cpus;
  int time_limit = 300;
  RunRequest request;
};

void list_kernels() {
  xpoll::TextTable table(
      {xpoll::left("", 12), xpoll::left("suite", 24), xpoll::left("in the cache", 30),
       xpoll::left("passed", 12), xpoll::left("package")},
      1);
  for (const Kernel& kernel : all_kernels()) {
    table.add({std::string{kernel.name}, std::string{kernel.suite.empty() ? "-" : kernel.suite},
               cached_version(kernel).value_or("-"), passed_on(kernel).value_or("-"),
               std::string{kernel.is_stock() ? kernel.image : kernel.source}});
  }
  fmt::print("{}", table.text());
}

void fetch_kernels(const Options& options) {
  for (const std::string& name : options.kernels) {
    const PreparedKernel kernel = refresh(find_kernel(name));
    fmt::print("{:<12} {} ({})\n", kernel.name, kernel.version, kernel.release);
  }
}

void print_build_directories(const Options& options) {
  for (const std::string& name : options.kernels) {
    fmt::print("{}\n", fs::canonical(prepare(find_kernel(name)).build_directory()).string());
  }
}

void print_images(const Options& options) {
  for (const std::string& name : options.kernels) {
    fmt::print("{}\n", fs::canonical(prepare(find_kernel(name)).image()).string());
  }
}

/** The directory on the host that is the root of the kernel's guests. */
fs::path root_of(const PreparedKernel& kernel) { return kernel.root.empty() ? "/" : kernel.root; }

void print_roots(const Options& options) {
  for (const std::string& name : options.kernels) {
    fmt::print("{}\n", root_of(prepare(find_kernel(name))).string());
  }
}

/** Absolute path of the program: for a bare name the guest's shell would prefer its own applet. */
std::string find_program(const std::string& name, const fs::path& root) {
  if (name.find('/') != std::string::npos) return fs::absolute(name).string();
  for (const char* directory :
       {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}) {
    const fs::path candidate = fs::path{directory} / name;
    const fs::path file = root / candidate.relative_path();
    if (fs::exists(fs::symlink_status(file))) return candidate.string();
  }
  throw std::runtime_error(fmt::format("no program {} in the root of the guest", name));
}

int run(Options& options) {
  RunRequest& request = options.request;
  request.job.cwd = fs::current_path();
  const PreparedKernel prepared = prepare(find_kernel(options.kernel));
  request.job.command.front() = find_program(request.job.command.front(), root_of(prepared));
  if (!options.module.empty()) request.job.module = fs::absolute(options.module);
  if (!options.output.empty()) {
    fs::create_directories(options.output);
    request.job.output = fs::canonical(options.output);
  }
  request.hardware.accelerator =
      options.accelerator == "kvm" ? Accelerator::kKvm : Accelerator::kTcg;
  for (const std::string& text : options.forwards) {
    request.hardware.forwards.push_back(parse_forward(text));
  }
  if (request.hardware.icount) request.hardware.cpus = 1;
  if (options.cpus) request.hardware.cpus = *options.cpus;
  check_hardware(request.hardware);
  request.time_limit = std::chrono::seconds{options.time_limit};
  Records records;
  if (!options.json.empty()) records.json = options.json;
  if (!options.log.empty()) records.log = options.log;
  return run_and_judge(prepared, request, records);
}

Argv shell_command(const std::string& rcfile) {
  if (rcfile.empty()) return {"bash", "--login", "-i"};
  return {"bash", "--rcfile", fs::canonical(rcfile).string(), "-i"};
}

int run_shell(Options& options) {
  constexpr int kNoLimit = 7 * 24 * 3600;
  options.request.job.terminal = current_terminal();
  options.request.job.command = shell_command(options.rcfile);
  options.time_limit = kNoLimit;
  return run(options);
}

void add_guest_options(CLI::App& app, Options& options) {
  Hardware& hardware = options.request.hardware;
  Job& job = options.request.job;
  app.add_option("--kernel", options.kernel, "Kernel to boot, see 'list'")->capture_default_str();
  app.add_option("--smp", options.cpus, "Virtual CPUs")
      ->default_str("2, or 1 with --icount")
      ->check(CLI::Range(1, 64));
  app.add_flag(
      "--parallel", hardware.parallel,
      "Run each virtual CPU on its own host thread, to provoke races; without it they take "
      "turns on one thread, which emulates them without errors");
  app.add_option("--mem", hardware.memory, "Memory, as 512M or 2G")
      ->capture_default_str()
      ->check(CLI::AsSizeValue{false}.description("SIZE"));
  app.add_option("--accel", options.accelerator, "tcg or kvm")
      ->capture_default_str()
      ->check(CLI::IsMember({"tcg", "kvm"}));
  app.add_flag(
      "--icount", hardware.icount,
      "Let the guest's clock count instructions, one per nanosecond, for repeatable figures. "
      "Timeouts then have no relation to real time");
  app.add_option("--qemu-plugin", hardware.plugin,
                 "FILE[,ARGUMENTS] of a TCG plugin of QEMU's, which sees every instruction");
  app.add_option("--module", options.module,
                 "Load this module before the command and unload it afterwards")
      ->check(CLI::ExistingFile);
  app.add_option("--module-param", job.module_parameters, "NAME=VALUE for the module; repeatable")
      ->allow_extra_args(false);
  app.add_option("--forward", options.forwards,
                 "HOSTPORT:GUESTPORT over TCP on 127.0.0.1; 0 picks a free port; repeatable")
      ->allow_extra_args(false);
  app.add_option(
      "--cpu", hardware.cpu,
      "Model of the emulated CPUs and its properties, see 'qemu-system-x86_64 -cpu help'; "
      "without it all that QEMU can emulate");
  app.add_option("--append", hardware.append, "Word for the kernel's command line; repeatable")
      ->allow_extra_args(false);
  app.add_option("--out", options.output, "Host directory, made if missing, writable as /out");
  app.add_option("--log", options.log, "Write the kernel's log to this file");
}

void add_run_options(CLI::App& app, Options& options) {
  app.add_option("--timeout", options.time_limit, "Seconds from power-on to the end")
      ->capture_default_str();
  app.add_option("--beside", options.request.beside,
                 "Shell command on the host, started with the guest's; it must succeed too. "
                 "$XPOLL_FORWARD_PORT lists the forwards' host ports, with commas");
  app.add_option("--phase", options.request.phase,
                 "Show the last line of this host file, and for how long it has been there, "
                 "while the command runs");
  app.add_option("--json", options.json, "Write the verdict to this file");
  app.add_option("command", options.request.job.command, "Program and arguments")->required();
}

void print(const fs::path& path) { fmt::print("{}\n", path.string()); }

/** Parses the arguments, which runs the subcommand. Returns the exit status. */
int dispatch(int argc, char** argv) {
  Options options;
  CLI::App app{"Boots Debian kernels in QEMU on the host's root file system and judges each run."};
  app.footer(std::string{kExamples} + "\n" + kGuest + "\n" + kExitStatus);
  app.set_version_flag("--version", xpoll::version_line("xpoll-vm"));
  app.require_subcommand(1);

  int status = 0;
  app.add_subcommand("list", "List the kernels")->callback([] { list_kernels(); });
  CLI::App* fetch = app.add_subcommand("fetch", "Fetch the versions that apt offers now");
  fetch->add_option("kernels", options.kernels)->required();
  fetch->callback([&] { fetch_kernels(options); });
  CLI::App* kdir = app.add_subcommand("kdir", "Print the build directories for modules");
  kdir->add_option("kernels", options.kernels)->required();
  kdir->callback([&] { print_build_directories(options); });
  CLI::App* image = app.add_subcommand(
      "image",
      "Print the booted file of each kernel: for a stock kernel its vmlinux, which has BTF");
  image->add_option("kernels", options.kernels)->required();
  image->callback([&] { print_images(options); });
  CLI::App* root = app.add_subcommand("root",
                                      "Print the guest's root of each kernel, where the headers "
                                      "and libraries for its programs are");
  root->add_option("kernels", options.kernels)->required();
  root->callback([&] { print_roots(options); });
  app.add_subcommand("checkpatch", "Print the directory of checkpatch.pl and its word lists")
      ->callback([] { print(checkpatch_directory()); });
  CLI::App* packages = app.add_subcommand(
      "packages",
      "Print a directory with these Debian packages and their missing dependencies, unpacked "
      "but not installed");
  packages->add_option("names", options.packages)->required();
  packages->callback([&] { print(unpacked_packages(options.packages)); });
  CLI::App* programs = app.add_subcommand("programs",
                                          "Print the root of unpacked Debian packages of another "
                                          "suite, whose programs run on this host");
  programs->add_option("suite", options.suite, "sid for example")->required();
  programs->add_option("names", options.packages)->required();
  programs->callback([&] { print(prepare_programs(options.packages, options.suite)); });
  CLI::App* npm = app.add_subcommand(
      "npm",
      "Print a directory with the npm packages of a package-lock.json; their scripts are not run");
  npm->add_option("directory", options.npm, "Directory of package.json and package-lock.json")
      ->required()
      ->check(CLI::ExistingDirectory);
  npm->callback([&] { print(npm_packages(options.npm)); });
  CLI::App* source =
      app.add_subcommand("source", "Print a directory with parts of a kernel's source");
  source->add_option("series", options.series, "6.1 for linux-source-6.1")->required();
  source->add_option("paths", options.sources, "Files and directories in the source")->required();
  source->callback([&] { print(kernel_source(options.series, options.sources)); });
  CLI::App* runner = app.add_subcommand("run", "Run a command in a guest");
  add_guest_options(*runner, options);
  add_run_options(*runner, options);
  runner->callback([&] { status = run(options); });
  CLI::App* shell = app.add_subcommand("shell", "Interactive shell in a guest");
  add_guest_options(*shell, options);
  shell->add_option("--rcfile", options.rcfile, "Start-up file of bash, instead of login files")
      ->check(CLI::ExistingFile);
  shell->callback([&] { status = run_shell(options); });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsageError;
  }
  return status;
}

/** Add the directories of depmod and modprobe, which an ordinary user's PATH lacks. Keep apt's
 * output untranslated, since it is parsed. */
void set_environment() {
  const char* path = std::getenv("PATH");
  ::setenv("PATH", fmt::format("{}:/usr/sbin:/sbin", path != nullptr ? path : "/usr/bin").c_str(),
           1);
  ::setenv("LC_ALL", "C", 1);
}

/** For a full disk, prints the error and what to do about it. */
void print_disk_full(const std::exception& error) {
  constexpr uintmax_t kMegabyte = 1000 * 1000;
  const fs::path cache = cache_root();
  fmt::print(stderr,
             "xpoll-vm: {}\nno space left: the cache {} has {} MB free, a kernel takes about 600 "
             "MB; make room, or name another place by XPOLL_CACHE\n",
             error.what(), cache.string(), fs::space(cache).available / kMegabyte);
}

int report_failure(const std::exception& error) {
  const auto* system = dynamic_cast<const std::system_error*>(&error);
  const bool no_space = system != nullptr && system->code() == std::errc::no_space_on_device;
  if (no_space || dynamic_cast<const DiskFull*>(&error) != nullptr) {
    print_disk_full(error);
  } else {
    fmt::print(stderr, "xpoll-vm: {}\n", error.what());
  }
  return dynamic_cast<const ArchiveUnreachable*>(&error) ? kArchiveUnreachable : kRunnerFailed;
}

}  // namespace

int main(int argc, char** argv) {
  set_environment();
  try {
    return dispatch(argc, argv);
  } catch (const Interrupted& interrupted) {
    fmt::print(stderr, "xpoll-vm: {}\n", interrupted.what());
    return 128 + interrupted.signal();
  } catch (const std::exception& error) {
    return report_failure(error);
  }
}

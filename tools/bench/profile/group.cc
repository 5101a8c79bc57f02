// SPDX-License-Identifier: GPL-2.0-only
#include "group.h"

#include <regex>

namespace bench_profile {
namespace {

struct Rule {
  Group group;
  const char* functions;
};

// The first rule that matches wins.
constexpr Rule kRules[] = {
    {Group::kIoctl, R"(__x64_sys_ioctl|do_vfs_ioctl|vfs_ioctl)"},
    {Group::kSecurity, R"((security|tomoyo|apparmor|aa|bpf_lsm|selinux|smack|hook_file)_\w+)"},
    {Group::kEpoll, R"((__x64_sys_|do_|__do_sys_)epoll_\w+|epi?_\w+|reverse_path_check\w*)"},
    {Group::kEntry,
     R"(entry_SYSCALL_64\w*|entry_SYSRETQ\w*|do_syscall_64|x64_sys_call|syscall_\w+|)"
     R"(\w*exit_to_user_mode\w*|fpregs_assert_state_consistent|switch_fpu_return)"},
};

/// The compiler appends a suffix to a function that it clones or splits: "ep_item_poll.isra.0".
std::string without_suffix(const std::string& function) {
  return function.substr(0, function.find('.'));
}

}  // namespace

const char* group_name(Group group) {
  switch (group) {
    case Group::kUser:
      return "user space";
    case Group::kEntry:
      return "entry and exit";
    case Group::kIoctl:
      return "ioctl";
    case Group::kSecurity:
      return "security modules";
    case Group::kEpoll:
      return "epoll itself";
    case Group::kXpoll:
      return "xpoll itself";
    case Group::kOthers:
      return "the rest of the kernel";
  }
  return "";
}

Group group_of(const std::string& function, const std::string& module) {
  if (module == "xpoll" || module == "__builtin__ftrace") return Group::kXpoll;
  const std::string plain = without_suffix(function);
  for (const Rule& rule : kRules) {
    if (std::regex_match(plain, std::regex{rule.functions})) return rule.group;
  }
  return Group::kOthers;
}

}  // namespace bench_profile

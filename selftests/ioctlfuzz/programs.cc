// SPDX-License-Identifier: GPL-2.0-only
#include "ioctlfuzz/programs.h"

#include <linux/xpoll.h>

#include <cstddef>

#include "tools/util/bpf_program.h"

namespace xpoll::ioctlfuzz {

Programs::Programs() {
  constexpr int kFarOut = 1 << 30;
  for (const int index : {0, 1, -1, XPOLL_CANDIDATES_MAX, kFarOut})
    loaded_.push_back(bpf::load_constant(index));
  constexpr int kCount = offsetof(xpoll_wake_context, count);
  loaded_.push_back(
      bpf::load_program({bpf::load(BPF_DW, 0, 1, kCount), bpf::add(0, -1), bpf::kExit}));
  loaded_.push_back(
      bpf::load_program({bpf::call(BPF_FUNC_get_prandom_u32),
                         bpf::operate(BPF_AND, 0, XPOLL_CANDIDATES_MAX - 1), bpf::kExit}));
  if (const bpf::Program cookie{bpf::call(BPF_FUNC_get_attach_cookie), bpf::kExit};
      bpf::allows(cookie))
    loaded_.push_back(bpf::load_program(cookie));
  loaded_.push_back(
      bpf::load_program({bpf::set_register(0, 0), bpf::kExit}, BPF_PROG_TYPE_SOCKET_FILTER));
}

int Programs::pick(xpoll::fuzz::Random& random) const {
  return loaded_[random.below(loaded_.size())].get();
}

}  // namespace xpoll::ioctlfuzz

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <vector>

#include "probes/bpf/top.h"

struct bpf_link;
struct bpf_map;

namespace top {

std::vector<top_instance> read_instances(const bpf_map* instances);
/// Takes them out.
std::vector<top_instance> take_closed(const bpf_map* closed);
std::vector<top_holder> find_holders(const bpf_link* iterator);

}  // namespace top

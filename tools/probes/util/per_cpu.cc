// SPDX-License-Identifier: GPL-2.0-only
#include "probes/util/per_cpu.h"

#include <cerrno>
#include <numeric>
#include <system_error>
#include <vector>

namespace probes {

std::uint64_t sum_of_processors(const bpf_map* counters, std::uint32_t index) {
  const int processors = libbpf_num_possible_cpus();
  if (processors < 0)
    throw std::system_error(-processors, std::generic_category(), "number of processors");
  std::vector<std::uint64_t> values(static_cast<std::size_t>(processors));
  const int status = bpf_map__lookup_elem(counters, &index, sizeof(index), values.data(),
                                          values.size() * sizeof(values.front()), 0);
  if (status < 0) throw std::system_error(-status, std::generic_category(), "reading a counter");
  return std::accumulate(values.begin(), values.end(), std::uint64_t{0});
}

}  // namespace probes

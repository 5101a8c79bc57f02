// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace bench {

/// Bytes that the kernel has in use for its own objects, by where they are: the name of a slab
/// cache (an object counts with its part of the slab's waste), "large kmalloc", "vmalloc".
using KernelMemory = std::map<std::string, std::int64_t>;

/// Needs root. What is only being freed is waited for.
KernelMemory settled_kernel_memory();

/// What there is more of now.
KernelMemory growth(const KernelMemory& before, const KernelMemory& now);

std::int64_t sum(const KernelMemory& memory);

}  // namespace bench

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

#include <cstdint>
#include <map>
#include <string>

namespace bench {

/// Bytes that the kernel uses for its own objects, by allocator: the name of a slab cache (each
/// object includes its share of the slab's waste), "large kmalloc" or "vmalloc".
using KernelMemory = std::map<std::string, std::int64_t>;

/// Waits for pending frees, then reads. Needs root.
KernelMemory settled_kernel_memory();

/// Returns the entries that grew.
KernelMemory growth(const KernelMemory& before, const KernelMemory& now);

std::int64_t sum(const KernelMemory& memory);

}  // namespace bench

// SPDX-License-Identifier: GPL-2.0-only
#pragma once

namespace xpoll::test {

// The module's own slab caches.

// Frees empty slabs, so the next allocation needs a page.
void shrink_xpoll_caches();

// Objects that are in use or wait for their grace period.
int xpoll_objects();

}  // namespace xpoll::test

// SPDX-License-Identifier: GPL-2.0-only
#ifndef XPOLL_SELFTESTS_FAULTS_SLAB_CACHES_H
#define XPOLL_SELFTESTS_FAULTS_SLAB_CACHES_H

namespace xpoll_test {

// The module's own slab caches.

// Gives back what holds no object: the next allocation needs a page.
void shrinkXpollCaches();

// Objects in them that are in use or wait for their grace period.
int xpollObjects();

}  // namespace xpoll_test

#endif  // XPOLL_SELFTESTS_FAULTS_SLAB_CACHES_H

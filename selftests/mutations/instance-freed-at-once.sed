# SPDX-License-Identifier: GPL-2.0-only
# what: an instance is freed without a grace period under the walks of the nesting checks (CVE-2026-43074)
# file: module/eventpoll.c
# kernel: 6.1-debug
# smp: 4
# tests: NestRaceTest.*xpoll*:RaceRemoveTest.*xpoll*
s/^\tkfree_rcu(ep, rcu);$/\tkfree(ep);/

# SPDX-License-Identifier: GPL-2.0-only
# what: an own event that could not be stored replaces a later one
# file: module/post.h
# kernel: 6.1-amd64
# guest: --smp 2
# program: xpoll-selftests
# tests: PostTest.OneDuring*
/^static inline void xp_post_put_back/,/^}/ s/^\tif (!post->pending) {$/\t{/

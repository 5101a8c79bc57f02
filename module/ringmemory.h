/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_RINGMEMORY_H
#define XPOLL_RINGMEMORY_H

struct ep_ring;
struct file;
struct user_struct;
struct vm_area_struct;

/* Return: a file with @pages pages of zeroes, for which @user is charged; or -errno. */
struct file *xp_ring_memory_file(struct user_struct *user, unsigned int pages);
/* Return: where the kernel has the pages of such a file. */
void *xp_ring_memory_address(const struct file *file);
/* Map the memory of @ring. */
int xp_ring_mmap(const struct ep_ring *ring, struct vm_area_struct *vma);

#endif /* XPOLL_RINGMEMORY_H */

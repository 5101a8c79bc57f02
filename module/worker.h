/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef XPOLL_WORKER_H
#define XPOLL_WORKER_H

#include <linux/workqueue.h>

/* Call @func with @work, which is on the stack, in a kernel thread, and wait until it returns. */
static inline void xp_run_in_worker(struct work_struct *work, work_func_t func)
{
	INIT_WORK_ONSTACK(work, func);
	schedule_work(work);
	flush_work(work);
	destroy_work_on_stack(work);
}

#endif /* XPOLL_WORKER_H */

// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that misbehaves on request, to test that the guest runner notices.
 */
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "none, warn, oops, slab, memory, hang, lockup, refuse, pin or linger");

static struct kmem_cache *cache;

static void oops(void)
{
	WRITE_ONCE(*(volatile int *)8, 1);
}

static void spin_forever(void)
{
	preempt_disable();
	for (;;)
		cpu_relax();
}

static void leak_memory(void)
{
	void *memory = kmalloc(1234, GFP_KERNEL);

	OPTIMIZER_HIDE_VAR(memory);
}

static int hold_for_a_while(void *unused)
{
	msleep(5000);
	module_put_and_kthread_exit(0);
}

static void linger(void)
{
	__module_get(THIS_MODULE);
	if (IS_ERR(kthread_run(hold_for_a_while, NULL, "vmtest")))
		module_put(THIS_MODULE);
}

static int __init vmtest_init(void)
{
	DECLARE_COMPLETION_ONSTACK(never);

	cache = kmem_cache_create("vmtest", 128, 0, 0, NULL);
	if (!cache)
		return -ENOMEM;

	if (!strcmp(fault, "warn"))
		WARN(1, "vmtest was asked to warn\n");
	else if (!strcmp(fault, "oops"))
		oops();
	else if (!strcmp(fault, "slab"))
		OPTIMIZER_HIDE_VAR(*(void **)kmem_cache_alloc(cache, GFP_KERNEL));
	else if (!strcmp(fault, "memory"))
		leak_memory();
	else if (!strcmp(fault, "hang"))
		wait_for_completion(&never);
	else if (!strcmp(fault, "lockup"))
		spin_forever();
	else if (!strcmp(fault, "pin"))
		__module_get(THIS_MODULE);
	else if (!strcmp(fault, "linger"))
		linger();
	else if (!strcmp(fault, "refuse")) {
		kmem_cache_destroy(cache);
		return -EPERM;
	}
	return 0;
}

static void __exit vmtest_exit(void)
{
	kmem_cache_destroy(cache);
}

module_init(vmtest_init);
module_exit(vmtest_exit);

MODULE_DESCRIPTION("Misbehaves on request, for the guest runner's own tests");
MODULE_LICENSE("GPL");

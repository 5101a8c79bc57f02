/* SPDX-License-Identifier: MIT */
/*
 * syscall(). In assembly because of its callers: they give as many arguments as the call has, so
 * that the sixth one's place on the stack may be theirs, which compiled code would take for its
 * own; and a clone may return on another stack, so that what is passed on must not use any.
 */
#include <asm/unistd.h>

#if defined(__aarch64__)

	/* Seven arguments are in registers, for a call of epoll_system_call(), too. */
	.text
	.globl	syscall
	.type	syscall, %function
	.align	4
syscall:
	.cfi_startproc
	bti	c
	cmp	x0, #__NR_epoll_create1
	b.eq	.Lepoll
	cmp	x0, #__NR_epoll_ctl
	b.eq	.Lepoll
	cmp	x0, #__NR_epoll_pwait
	b.eq	.Lepoll
	cmp	x0, #__NR_epoll_pwait2
	b.eq	.Lepoll
	cmp	x0, #__NR_io_uring_setup
	b.eq	.Lring

	mov	x8, x0
	mov	x0, x1
	mov	x1, x2
	mov	x2, x3
	mov	x3, x4
	mov	x4, x5
	mov	x5, x6
	svc	#0
	cmn	x0, #4095
	b.cs	.Lfailed
	ret

.Lfailed:
	b	system_call_failed

.Lepoll:
	b	epoll_system_call

.Lring:
	mov	x0, x1
	mov	x1, x2
	b	io_uring_setup_system_call
	.cfi_endproc
	.size	syscall, .-syscall

#else

	.text
	.globl	syscall
	.type	syscall, @function
	.align	16
syscall:
	.cfi_startproc
	endbr64
	cmpq	$__NR_epoll_create, %rdi
	je	.Lepoll
	cmpq	$__NR_epoll_create1, %rdi
	je	.Lepoll
	cmpq	$__NR_epoll_ctl, %rdi
	je	.Lepoll
	cmpq	$__NR_epoll_wait, %rdi
	je	.Lepoll
	cmpq	$__NR_epoll_pwait, %rdi
	je	.Lepoll
	cmpq	$__NR_epoll_pwait2, %rdi
	je	.Lepoll
	cmpq	$__NR_io_uring_setup, %rdi
	je	.Lring

	movq	%rdi, %rax
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	movq	%rcx, %rdx
	movq	%r8, %r10
	movq	%r9, %r8
	movq	8(%rsp), %r9
	syscall
	cmpq	$-4095, %rax
	jae	.Lfailed
	ret

.Lfailed:
	movq	%rax, %rdi
	jmp	system_call_failed

	/* The sixth argument is copied, to a place of our own. */
.Lepoll:
	pushq	8(%rsp)
	.cfi_adjust_cfa_offset 8
	call	epoll_system_call
	addq	$8, %rsp
	.cfi_adjust_cfa_offset -8
	ret

	/* Its two arguments are in registers. */
.Lring:
	movq	%rsi, %rdi
	movq	%rdx, %rsi
	jmp	io_uring_setup_system_call
	.cfi_endproc
	.size	syscall, .-syscall

#endif

	.section .note.GNU-stack, "", %progbits

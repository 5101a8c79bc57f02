/* SPDX-License-Identifier: MIT */
/*
 * syscall(). In assembly because of its callers: they give as many arguments as the call has, so
 * that the sixth one's place on the stack may be theirs, which compiled code would take for its
 * own; and a clone may return on another stack, so that what is passed on must not use any.
 */
#include <asm/unistd.h>

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

	.section .note.GNU-stack, "", @progbits

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
    .cfi_sections .debug_frame
    .section .reset, "ax"
    .globl reset
    .type reset, @function
reset:
    .cfi_startproc
    .cfi_undefined ra /* nothing called this */
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, __main_stack_end
    la t0, trap_entry
    csrw mtvec, t0
    csrsi mie, 8 /* the software interrupt */
    la t0, __bss_start
    la t1, __bss_end
1:  sw zero, 0(t0)
    addi t0, t0, 4
    bltu t0, t1, 1b
    call start_tasks
2:  j 2b
    .cfi_endproc
    .size reset, . - reset

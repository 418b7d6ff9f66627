/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A thread's registers are in the thread. What an interrupt changes is on the stack below; the switch is called from there like any function. */

    .cfi_sections .debug_frame
    .text
    .globl switch_to
    .type switch_to, @function
switch_to:
    .cfi_startproc
    sw sp, 0(a1)
    sw ra, 4(a1)
    sw s0, 8(a1)
    sw s1, 12(a1)
    .irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    sw s\n, 4 * (\n + 2)(a1)
    .endr
    lw sp, 0(a0)
    lw ra, 4(a0)
    lw s0, 8(a0)
    lw s1, 12(a0)
    .irp n, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
    lw s\n, 4 * (\n + 2)(a0)
    .endr
    ret
    .cfi_endproc
    .size switch_to, . - switch_to

#define FRAME (20 * 4)
    .balign 4
    .globl trap_entry
    .type trap_entry, @function
trap_entry:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column 64 /* the psABI's "alternate frame return column" */
    .cfi_undefined 64
    csrw mscratch, t0
    csrr t0, mcause
    bltz t0, 1f
    csrr t0, mscratch
    j faultline_trap_entry
1:  csrr t0, mscratch
    addi sp, sp, -FRAME
    .cfi_def_cfa_offset FRAME
    sw ra, 0(sp)
    .cfi_offset ra, -FRAME
    .irp n, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17
    sw x\n, 4 * (\n - 4)(sp)
    .cfi_offset \n, 4 * (\n - 4) - FRAME
    .endr
    .irp n, 28, 29, 30, 31
    sw x\n, 4 * (\n - 14)(sp)
    .cfi_offset \n, 4 * (\n - 14) - FRAME
    .endr
    csrr t0, mepc
    sw t0, 4 * 18(sp)
    .cfi_offset 64, 4 * 18 - FRAME
    li t0, 0x02000000
    sw zero, 0(t0)
    call Sample_Handler
    call reschedule
    lw t0, 4 * 18(sp)
    csrw mepc, t0
    li t0, 0x1800
    csrw mstatus, t0
    lw ra, 0(sp)
    .irp n, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17
    lw x\n, 4 * (\n - 4)(sp)
    .endr
    .irp n, 28, 29, 30, 31
    lw x\n, 4 * (\n - 14)(sp)
    .endr
    addi sp, sp, FRAME
    .cfi_def_cfa_offset 0
    mret
    .cfi_endproc
    .size trap_entry, . - trap_entry

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Two contexts, told apart by their first word: 0, of a thread that asked, and 1, of one that was interrupted. */

#define SOLICITED (16 * 4)
#define INTERRUPTED (32 * 4)

    .macro each_callee_saved instruction
    \instruction s11, 4 * 1(sp)
    \instruction s10, 4 * 2(sp)
    \instruction s9, 4 * 3(sp)
    \instruction s8, 4 * 4(sp)
    \instruction s7, 4 * 5(sp)
    \instruction s6, 4 * 6(sp)
    \instruction s5, 4 * 7(sp)
    \instruction s4, 4 * 8(sp)
    \instruction s3, 4 * 9(sp)
    \instruction s2, 4 * 10(sp)
    \instruction s1, 4 * 11(sp)
    \instruction s0, 4 * 12(sp)
    .endm

    .macro each_other instruction
    \instruction t6, 4 * 13(sp)
    \instruction t5, 4 * 14(sp)
    \instruction t4, 4 * 15(sp)
    \instruction t3, 4 * 16(sp)
    \instruction t2, 4 * 17(sp)
    \instruction t1, 4 * 18(sp)
    \instruction t0, 4 * 19(sp)
    \instruction a7, 4 * 20(sp)
    \instruction a6, 4 * 21(sp)
    \instruction a5, 4 * 22(sp)
    \instruction a4, 4 * 23(sp)
    \instruction a3, 4 * 24(sp)
    \instruction a2, 4 * 25(sp)
    \instruction a1, 4 * 26(sp)
    \instruction a0, 4 * 27(sp)
    \instruction ra, 4 * 28(sp)
    .endm

    .text
    .globl reschedule
    .type reschedule, @function
reschedule:
    addi sp, sp, -SOLICITED
    sw zero, 0(sp)
    each_callee_saved sw
    sw ra, 4 * 13(sp)
    csrr t0, mstatus
    sw t0, 4 * 14(sp)
    mv a0, sp
    la sp, __interrupt_stack_end
resume_next:
    call kernel_switch
    mv sp, a0
    lw t0, 0(sp)
    bnez t0, 1f
    each_callee_saved lw
    lw ra, 4 * 13(sp)
    lw t0, 4 * 14(sp)
    addi sp, sp, SOLICITED
    csrw mstatus, t0
    ret
1:  li t0, 0x1800 /* to machine mode, with interrupts off until it asks again */
    csrw mstatus, t0
    lw t0, 4 * 30(sp)
    csrw mepc, t0
    each_callee_saved lw
    each_other lw
    addi sp, sp, INTERRUPTED
    mret
    .size reschedule, . - reschedule

    .balign 4
    .globl trap_entry
    .type trap_entry, @function
trap_entry:
    csrw mscratch, t0
    csrr t0, mcause
    bltz t0, 1f
    csrr t0, mscratch
    j faultline_trap_entry
1:  csrr t0, mscratch
    addi sp, sp, -INTERRUPTED
    each_callee_saved sw
    each_other sw
    csrr t0, mepc
    sw t0, 4 * 30(sp)
    li t0, 1
    sw t0, 0(sp)
    mv s0, sp
    la sp, __interrupt_stack_end
    li t0, 0x02000000
    sw zero, 0(t0)
    call Sample_Handler
    mv a0, s0
    j resume_next
    .size trap_entry, . - trap_entry

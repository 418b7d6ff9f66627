/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* One context for whatever lets a task wait: mepc, ra, x5 … x31, the nesting of critical sections, mstatus. */

#define CONTEXT (31 * 4)

    .text
    .globl reschedule
    .type reschedule, @function
reschedule:
    .cfi_sections .debug_frame
    .cfi_startproc
    ecall
    ret
    .cfi_endproc
    .size reschedule, . - reschedule

    .macro save_context
    csrr t0, mscratch
    addi sp, sp, -CONTEXT
    sw x1, 4(sp)
    .irp n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    sw x\n, 4 * (\n - 3)(sp)
    .endr
    sw zero, 4 * 29(sp)
    csrr t0, mstatus
    sw t0, 4 * 30(sp)
    csrr t0, mepc
    .endm

    .balign 4
    .globl trap_entry
    .type trap_entry, @function
trap_entry:
    csrw mscratch, t0
    csrr t0, mcause
    bltz t0, interrupt
    addi t0, t0, -11
    beqz t0, asked
    csrr t0, mscratch
    j faultline_trap_entry
asked:
    save_context
    addi t0, t0, 4 /* behind the ecall */
    sw t0, 0(sp)
    mv s0, sp
    la sp, __interrupt_stack_end
    j resume_next
interrupt:
    save_context
    sw t0, 0(sp)
    mv s0, sp
    la sp, __interrupt_stack_end
    li t0, 0x02000000
    sw zero, 0(t0)
    call Sample_Handler
resume_next:
    mv a0, s0
    call kernel_switch
    mv sp, a0
    lw t0, 0(sp)
    csrw mepc, t0
    lw t0, 4 * 30(sp)
    csrw mstatus, t0
    lw x1, 4(sp)
    .irp n, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    lw x\n, 4 * (\n - 3)(sp)
    .endr
    addi sp, sp, CONTEXT
    mret
    .size trap_entry, . - trap_entry

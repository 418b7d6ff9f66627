/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 *
 * Vectors, start, a task switch and what a crash does, for the windowed ABI of Xtensa. Window exceptions move registers as the
 * ISA says ("Windowed Register Option"); frames of tasks lie as the port of FreeRTOS documents them (XT_STK_ and XT_SOL_).
 */
        .section .reset, "ax"
        .p2align 2
        j       past_literal
        .p2align 2
at_start:       .long _start
past_literal:
        l32r    a0, at_start
        jx      a0

        .section .vectors, "ax"
        .globl  vectors
        .p2align 10
vectors:
        .org    0x000                   /* overflow after CALL4 */
        s32e    a0, a5, -16
        s32e    a1, a5, -12
        s32e    a2, a5, -8
        s32e    a3, a5, -4
        rfwo
        .org    0x040                   /* underflow after CALL4 */
        l32e    a0, a5, -16
        l32e    a1, a5, -12
        l32e    a2, a5, -8
        l32e    a3, a5, -4
        rfwu
        .org    0x080                   /* overflow after CALL8 */
        s32e    a0, a9, -16
        l32e    a0, a1, -12
        s32e    a1, a9, -12
        s32e    a2, a9, -8
        s32e    a3, a9, -4
        s32e    a4, a0, -32
        s32e    a5, a0, -28
        s32e    a6, a0, -24
        s32e    a7, a0, -20
        rfwo
        .org    0x0c0                   /* underflow after CALL8 */
        l32e    a0, a9, -16
        l32e    a1, a9, -12
        l32e    a2, a9, -8
        l32e    a7, a1, -12
        l32e    a3, a9, -4
        l32e    a4, a7, -32
        l32e    a5, a7, -28
        l32e    a6, a7, -24
        l32e    a7, a7, -20
        rfwu
        .org    0x300                   /* exception of the kernel's code */
        j       crash
        .org    0x340                   /* exception of user code */
        j       crash
        .org    0x3c0
        j       crash

        .section .literals, "ax"
        .p2align 2
at_vectors:     .long vectors
at_stack:       .long _boot_stack_end
at_main:        .long boot
at_frame:       .long crash_frame
at_ram:         .long _ram_start
exit_of_crash:  .long 0xdeadbeef
ram_bytes:      .long _ram_bytes
ps_windowed:    .long 0x00040020        /* WOE, UM */
ps_first_call:  .long 0x00050020        /* WOE, UM, CALLINC 1 */
ps_spill:       .long 0x00040026        /* WOE, UM, interrupts of level 6 and below wait */

        .section .text, "ax"
        .globl  _start
        .p2align 2
_start:
        l32r    a0, at_vectors
        wsr     a0, vecbase
        movi    a0, 0
        wsr     a0, windowbase
        rsync
        movi    a0, 1
        wsr     a0, windowstart
        rsync
        l32r    a0, ps_windowed
        wsr     a0, ps
        rsync
        movi    a0, 0
        l32r    a1, at_stack
        l32r    a2, at_main
        callx4  a2
        ill

/* All callers' windows go to their save areas: a register that is touched has to be given up. DE212 has eight windows of
 * four; the one that is ours stays. */
        .macro  spill
        and     a12, a12, a12
        rotw    3
        and     a12, a12, a12
        rotw    3
        and     a4, a4, a4
        rotw    2
        .endm

/* void yield_to(struct task *from, entry *function, void *stack_end, void *argument): leaves a solicited frame */
        .globl  yield_to
        .type   yield_to, @function
        .p2align 2
yield_to:
        entry   a1, 32
        movi    a8, 0
        s32i    a8, a1, 0               /* exit: 0, the task gave up its processor itself */
        s32i    a0, a1, 4               /* pc: where it goes on */
        rsr     a8, ps
        s32i    a8, a1, 8
        s32i    a1, a2, 0               /* pxTopOfStack */
        spill
        l32r    a8, ps_first_call
        wsr     a8, ps
        rsync
        mov     a1, a4
        mov     a6, a5
        movi    a4, 0                   /* nobody called it */
        jx      a3
        .size   yield_to, . - yield_to

/* exit pc ps a0-a15 sar exccause excvaddr lbeg lend lcount below the stack of who crashed, then all RAM to the host */
        .globl  crash
        .type   crash, @function
        .p2align 2
crash:
        wsr     a0, excsave1
        addi    a0, a1, -128
        addi    a0, a0, -128
        s32i    a1, a0, 16
        s32i    a2, a0, 20
        s32i    a3, a0, 24
        s32i    a4, a0, 28
        s32i    a5, a0, 32
        s32i    a6, a0, 36
        s32i    a7, a0, 40
        s32i    a8, a0, 44
        s32i    a9, a0, 48
        s32i    a10, a0, 52
        s32i    a11, a0, 56
        s32i    a12, a0, 60
        s32i    a13, a0, 64
        s32i    a14, a0, 68
        s32i    a15, a0, 72
        rsr     a2, excsave1
        s32i    a2, a0, 12
        l32r    a2, at_frame
        s32i    a0, a2, 0
        l32r    a2, exit_of_crash
        s32i    a2, a0, 0
        rsr     a2, epc1
        s32i    a2, a0, 4
        rsr     a2, ps
        s32i    a2, a0, 8
        rsr     a2, sar
        s32i    a2, a0, 76
        rsr     a2, exccause
        s32i    a2, a0, 80
        rsr     a2, excvaddr
        s32i    a2, a0, 84
        rsr     a2, lbeg
        s32i    a2, a0, 88
        rsr     a2, lend
        s32i    a2, a0, 92
        rsr     a2, lcount
        s32i    a2, a0, 96
        l32r    a2, ps_spill
        wsr     a2, ps
        rsync
        spill
        movi    a2, 4                   /* write to the standard output */
        movi    a3, 1
        l32r    a4, at_ram
        l32r    a5, ram_bytes
        .byte   0x00, 0x51, 0x00        /* simcall */
        movi    a2, 1                   /* exit */
        movi    a3, 0
        .byte   0x00, 0x51, 0x00
        .size   crash, . - crash

        .section .note.GNU-stack, "", @progbits

@ SPDX-License-Identifier: Apache-2.0
@ Copyright the Faultline authors
@
@ Assembled with -g: the assembler describes each function itself, and since binutils 2.35 with the Thumb bit in
@ DW_AT_low_pc. Sizes, no size, a local label, data inside a function.
    .syntax unified
    .cpu cortex-m3
    .thumb

    .section .text.assembly, "ax"
    .global _start
    .type _start, %function
    .thumb_func
_start:
    bl program
    bl step
    bl count_down
    b idle
    .size _start, . - _start

    .align 2
    .global count_down
    .type count_down, %function
    .thumb_func
count_down:
    ldr r0, limit
again:
    subs r0, r0, #1
    bne again
    bx lr
    .align 2
limit:
    .word 1000
    .size count_down, . - count_down

    .global idle
    .type idle, %function
    .thumb_func
idle:
    wfi
    b idle

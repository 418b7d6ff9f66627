@ SPDX-License-Identifier: Apache-2.0
@ Copyright the Faultline authors
@
@ Assembled without -g: what a symbol table alone can say. `spin` has no size.
    .syntax unified
    .cpu cortex-m3
    .thumb

    .section .vectors, "ax"
    .global vectors
vectors:
    .word 0x20001000
    .word _start

    .section .text.start, "ax"
    .global _start
    .type _start, %function
    .thumb_func
_start:
    bl program
    bl step
    b spin
    .size _start, . - _start

    .global spin
    .type spin, %function
    .thumb_func
spin:
    wfi
    b spin
    nop

    .global table_in_text
    .type table_in_text, %object
table_in_text:
    .word 1, 2, 3
    .size table_in_text, . - table_in_text

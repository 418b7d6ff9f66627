@ SPDX-License-Identifier: Apache-2.0
@ Copyright the Faultline authors
@
@ No vectors: the program's own first function lies at address 0, where the tombstones point.
    .syntax unified
    .cpu cortex-m3
    .thumb

    .section .text.start, "ax"
    .global _start
    .type _start, %function
    .thumb_func
_start:
    bl program
    bl step
1:  b 1b
    .size _start, . - _start

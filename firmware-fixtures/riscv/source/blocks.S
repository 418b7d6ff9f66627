/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* void each_block(const void *blocks, size_t count, void (*visit)(const void *)): as much old assembly is, without call frame information. */

#if __riscv_xlen == 64
#define WORD 8
#define STORE sd
#define LOAD ld
#else
#define WORD 4
#define STORE sw
#define LOAD lw
#endif

#define BLOCK (2 * WORD)

    .text
    .globl each_block
    .type each_block, @function
each_block:
    addi sp, sp, -4 * WORD
    STORE ra, 3 * WORD(sp)
    STORE s0, 2 * WORD(sp)
    STORE s1, 1 * WORD(sp)
    STORE s2, 0 * WORD(sp)
    mv s0, a0
    mv s1, a1
    mv s2, a2
1:  beqz s1, 2f
    mv a0, s0
    jalr s2
    addi s0, s0, BLOCK
    addi s1, s1, -1
    j 1b
2:  LOAD s2, 0 * WORD(sp)
    LOAD s1, 1 * WORD(sp)
    LOAD s0, 2 * WORD(sp)
    LOAD ra, 3 * WORD(sp)
    addi sp, sp, 4 * WORD
    ret
    .size each_block, . - each_block

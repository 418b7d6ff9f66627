/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What only assembly can say: start, trap vectors, the interrupt's frame, and the switch between tasks. */

#if __riscv_xlen == 64
#define WORD 8
#define STORE sd
#define LOAD ld
#else
#define WORD 4
#define STORE sw
#define LOAD lw
#endif

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
    la t0, vectors
    addi t0, t0, 1 /* vectored */
    csrw mtvec, t0
    la t0, __bss_start
    la t1, __bss_end
1:  STORE zero, 0(t0)
    addi t0, t0, WORD
    bltu t0, t1, 1b
    call main
2:  j 2b
    .cfi_endproc
    .size reset, . - reset

/* Entry 0 takes every exception, entry n interrupt n. */
    .text
    .balign 64
    .option push
    .option norvc
    .globl vectors
    .type vectors, @function
vectors:
    j faultline_trap_entry
    .rept 6
    j faultline_trap_entry
    .endr
    j timer_entry
    .rept 4
    j faultline_trap_entry
    .endr
    .option pop
    .size vectors, . - vectors

/*
 * The frame of the interrupted task is on its own stack, the handler runs on another one. mepc is kept as well, since an exception in the
 * handler overwrites it: column 64 is the psABI's "alternate frame return column", where an interrupted context goes on.
 */
#define FRAME (18 * WORD)
    .globl timer_entry
    .type timer_entry, @function
    .balign 4
timer_entry:
    .cfi_startproc
    .cfi_signal_frame
    .cfi_return_column 64
    .cfi_undefined 64
    addi sp, sp, -FRAME
    .cfi_def_cfa_offset FRAME
    STORE ra, 0 * WORD(sp)
    STORE t0, 1 * WORD(sp)
    STORE t1, 2 * WORD(sp)
    STORE t2, 3 * WORD(sp)
    STORE t3, 4 * WORD(sp)
    STORE t4, 5 * WORD(sp)
    STORE t5, 6 * WORD(sp)
    STORE t6, 7 * WORD(sp)
    STORE a0, 8 * WORD(sp)
    STORE a1, 9 * WORD(sp)
    STORE a2, 10 * WORD(sp)
    STORE a3, 11 * WORD(sp)
    STORE a4, 12 * WORD(sp)
    STORE a5, 13 * WORD(sp)
    STORE a6, 14 * WORD(sp)
    STORE a7, 15 * WORD(sp)
    STORE s0, 16 * WORD(sp)
    csrr t0, mepc
    STORE t0, 17 * WORD(sp)
    .cfi_offset ra, 0 * WORD - FRAME
    .cfi_offset t0, 1 * WORD - FRAME
    .cfi_offset t1, 2 * WORD - FRAME
    .cfi_offset t2, 3 * WORD - FRAME
    .cfi_offset t3, 4 * WORD - FRAME
    .cfi_offset t4, 5 * WORD - FRAME
    .cfi_offset t5, 6 * WORD - FRAME
    .cfi_offset t6, 7 * WORD - FRAME
    .cfi_offset a0, 8 * WORD - FRAME
    .cfi_offset a1, 9 * WORD - FRAME
    .cfi_offset a2, 10 * WORD - FRAME
    .cfi_offset a3, 11 * WORD - FRAME
    .cfi_offset a4, 12 * WORD - FRAME
    .cfi_offset a5, 13 * WORD - FRAME
    .cfi_offset a6, 14 * WORD - FRAME
    .cfi_offset a7, 15 * WORD - FRAME
    .cfi_offset s0, 16 * WORD - FRAME
    .cfi_offset 64, 17 * WORD - FRAME
    mv s0, sp
    .cfi_def_cfa s0, FRAME
    la sp, __interrupt_stack_end
    call timer_interrupt
    mv sp, s0
    .cfi_def_cfa sp, FRAME
    LOAD t0, 17 * WORD(sp)
    csrw mepc, t0
    LOAD ra, 0 * WORD(sp)
    LOAD t0, 1 * WORD(sp)
    LOAD t1, 2 * WORD(sp)
    LOAD t2, 3 * WORD(sp)
    LOAD t3, 4 * WORD(sp)
    LOAD t4, 5 * WORD(sp)
    LOAD t5, 6 * WORD(sp)
    LOAD t6, 7 * WORD(sp)
    LOAD a0, 8 * WORD(sp)
    LOAD a1, 9 * WORD(sp)
    LOAD a2, 10 * WORD(sp)
    LOAD a3, 11 * WORD(sp)
    LOAD a4, 12 * WORD(sp)
    LOAD a5, 13 * WORD(sp)
    LOAD a6, 14 * WORD(sp)
    LOAD a7, 15 * WORD(sp)
    LOAD s0, 16 * WORD(sp)
    addi sp, sp, FRAME
    .cfi_def_cfa_offset 0
    mret
    .cfi_endproc
    .size timer_entry, . - timer_entry

/* void switch_to(uintptr_t **kept_stack_pointer, uintptr_t *stack_pointer): ra, s0 … s11 lie where the kept stack pointer points. */
#define KEPT (16 * WORD)
    .globl switch_to
    .type switch_to, @function
switch_to:
    .cfi_startproc
    addi sp, sp, -KEPT
    .cfi_def_cfa_offset KEPT
    STORE ra, 0 * WORD(sp)
    STORE s0, 1 * WORD(sp)
    STORE s1, 2 * WORD(sp)
    STORE s2, 3 * WORD(sp)
    STORE s3, 4 * WORD(sp)
    STORE s4, 5 * WORD(sp)
    STORE s5, 6 * WORD(sp)
    STORE s6, 7 * WORD(sp)
    STORE s7, 8 * WORD(sp)
    STORE s8, 9 * WORD(sp)
    STORE s9, 10 * WORD(sp)
    STORE s10, 11 * WORD(sp)
    STORE s11, 12 * WORD(sp)
    STORE sp, 0(a0)
    mv sp, a1
    LOAD ra, 0 * WORD(sp)
    LOAD s0, 1 * WORD(sp)
    LOAD s1, 2 * WORD(sp)
    LOAD s2, 3 * WORD(sp)
    LOAD s3, 4 * WORD(sp)
    LOAD s4, 5 * WORD(sp)
    LOAD s5, 6 * WORD(sp)
    LOAD s6, 7 * WORD(sp)
    LOAD s7, 8 * WORD(sp)
    LOAD s8, 9 * WORD(sp)
    LOAD s9, 10 * WORD(sp)
    LOAD s10, 11 * WORD(sp)
    LOAD s11, 12 * WORD(sp)
    addi sp, sp, KEPT
    .cfi_def_cfa_offset 0
    .globl switched
switched:
    ret
    .cfi_endproc
    .size switch_to, . - switch_to

/* Where a new task begins: s0 is its function. */
    .globl task_entry
    .type task_entry, @function
task_entry:
    .cfi_startproc
    .cfi_undefined ra
    jalr s0
1:  j 1b
    .cfi_endproc
    .size task_entry, . - task_entry

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What differs on a Cortex-M. Included by faultline.h. */
#ifndef FAULTLINE_CORTEX_M_H
#define FAULTLINE_CORTEX_M_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the stack on which a dump is written. A dump needs its own: the crashed one may have overflowed. */
#ifndef FAULTLINE_DUMP_STACK_SIZE
#define FAULTLINE_DUMP_STACK_SIZE 1024
#endif

typedef uint32_t faultline_word;

/* s0 … s31 and FPSCR, in the order in which a vstm writes them. */
struct faultline_fpu {
    uint32_t s[32];
    uint32_t fpscr;
};

/* r[0] … r[15] are r0 … r12, sp, lr, pc. */
struct faultline_registers {
    uint32_t r[16];
    uint32_t xpsr;
    bool has_fpu;
    struct faultline_fpu fpu;
};

/* Where the scheduler keeps the context of a thread that is switched out. */
struct faultline_saved {
    uint32_t hardware_frame;    /* address of the exception frame on its stack */
    uint32_t exc_return;        /* EXC_RETURN that resumes it; bit 4 tells whether the frame has FP registers */
    const uint32_t *r4_to_r11;  /* eight words */
    const uint32_t *s16_to_s31; /* sixteen words, or NULL */
};

/* What the processor knows of a crash beside the registers. */
struct faultline_fault {
    bool frame_lost;
    bool has_exc_return;
    uint32_t exc_return;
    uint32_t msp;
    uint32_t psp;
    uint32_t control;
    uint32_t system_control_block[16]; /* 0xE000ED00 … 0xE000ED3C, as read before anything could clear them */
    uint32_t system_control[2];        /* ICTR, ACTLR */
    uint32_t fp_control[3];            /* FPCCR, FPCAR, FPDSCR; dumped where has_fp_control */
    bool has_fp_control;
};

/* Put this into the vector table as HardFault, MemManage, BusFault and UsageFault handler. Does not return. */
void faultline_fault_entry(void);

/* Turns on the traps that make bugs visible where they happen; each is optional. */
#define FAULTLINE_TRAP_DIVIDE_BY_ZERO 1u
#define FAULTLINE_TRAP_UNALIGNED 2u
#define FAULTLINE_SEPARATE_FAULTS 4u  /* MemManage, BusFault, UsageFault instead of an escalated HardFault */
#define FAULTLINE_PRECISE_BUS_FAULTS 8u /* no write buffer (M3, M4): slower stores, exact program counters */
void faultline_enable_traps(uint32_t traps);

/* Interrupts off; the answer turns them on again if they were on. */
static inline faultline_word faultline_lock_interrupts(void) {
    faultline_word primask;
    __asm volatile("mrs %0, primask\n"
                   "cpsid i\n"
                   : "=r"(primask)
                   :
                   : "memory");
    return primask;
}

static inline void faultline_unlock_interrupts(faultline_word locked) {
    __asm volatile("msr primask, %0\n" : : "r"(locked) : "memory");
}

#ifdef __cplusplus
}
#endif
#endif

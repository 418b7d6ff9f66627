/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What kernels and tasks need of a Cortex-M. */
#ifndef CORTEX_M_H
#define CORTEX_M_H

#include <stdint.h>

void run_task(void);

/* The caller of this function is not known to an unwinder: the kernel made its frame. */
#define OUTERMOST ".cfi_undefined lr"

static inline void reschedule(void) {
    *(volatile uint32_t *) 0xE000ED04u = 1u << 28; /* PendSV */
    __asm volatile("dsb\nisb" ::: "memory");
}

static inline void reschedule_after_interrupt(void) {
    reschedule();
}

/* Sample_Handler, before the next instruction. */
static inline void interrupt_myself(void) {
    *(volatile uint32_t *) 0xE000EF00u = 8; /* STIR: interrupt 8 */
    __asm volatile("dsb\nisb" ::: "memory");
}

/* What a new task's exception frame holds: pc and xPSR; all else is 0. */
static inline void new_frame(uint32_t *frame) {
    for (int i = 0; i < 8; i++) {
        frame[i] = 0;
    }
    frame[6] = (uint32_t) (uintptr_t) run_task & ~1u;
    frame[7] = 1u << 24;
}

static uint64_t before_start[24];

/* Where PendSV leaves what ran before the first task. */
static inline void leave_main_stack(void) {
    __asm volatile("msr psp, %0" : : "r"(&before_start[24]));
}

#endif

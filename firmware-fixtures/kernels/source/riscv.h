/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What kernels and tasks need of RV32: interrupts are off but where a task asks for one. */
#ifndef RISCV_H
#define RISCV_H

#include <stdint.h>

/* The caller of this function is not known to an unwinder: the kernel made its frame. */
#define OUTERMOST ".cfi_undefined ra"

#define MACHINE_MODE 0x1800u

/* Each kernel's own: saves the context where it documents it and goes on with another task. */
void reschedule(void);

/* The first switch keeps what ran before on that stack. */
static inline void leave_main_stack(void) {
}

/* The trap handler switches behind every interrupt. */
static inline void reschedule_after_interrupt(void) {
}

/* Sample_Handler, before the next instruction. */
static inline void interrupt_myself(void) {
    *(volatile uint32_t *) 0x02000000u = 1; /* the CLINT's software interrupt */
    __asm volatile("fence\n"
                   "csrsi mstatus, 8\n"
                   "nop\n"
                   "csrci mstatus, 8\n" ::
                           : "memory");
}

#endif

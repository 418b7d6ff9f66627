/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What differs on RISC-V in machine mode, with 32 or 64 bits. Included by faultline.h. */
#ifndef FAULTLINE_RISCV_H
#define FAULTLINE_RISCV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of the stack on which a dump is written, a multiple of 16. A dump needs its own: the crashed one may have overflowed. */
#ifndef FAULTLINE_DUMP_STACK_SIZE
#define FAULTLINE_DUMP_STACK_SIZE (256 * sizeof(uintptr_t) + 512)
#endif

typedef uintptr_t faultline_word;

/* x[0] is nothing's; what a thread that is switched out did not have to keep is 0. */
struct faultline_registers {
    uintptr_t x[32];
    uintptr_t pc;
};

/* The context of a thread that is switched out: the port copies it from where the scheduler keeps it. */
struct faultline_saved {
    struct faultline_registers registers;
};

/* What the processor knows of a crash beside the registers; only where `trapped`. */
struct faultline_fault {
    bool trapped;
    uintptr_t mcause;
    uintptr_t mtval;
    uintptr_t mstatus;
};

/*
 * The trap entry for exceptions: into mtvec itself, into entry 0 of a vectored table, or jumped to from the top of a trap handler
 * that has changed no register. Uses mscratch and no stack. Does not return.
 */
void faultline_trap_entry(void);

/* Interrupts off; the answer turns them on again if they were on. */
static inline faultline_word faultline_lock_interrupts(void) {
    faultline_word mstatus;
    __asm volatile("csrrci %0, mstatus, 8" : "=r"(mstatus) : : "memory");
    return mstatus & 8u;
}

static inline void faultline_unlock_interrupts(faultline_word locked) {
    __asm volatile("csrs mstatus, %0" : : "r"(locked) : "memory");
}

#ifdef __cplusplus
}
#endif
#endif

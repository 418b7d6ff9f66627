/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "faultline.h"
#include "kernel.h"

#include <stdint.h>
#include <string.h>

extern uint32_t __data_start[], __data_end[], __data_load[], __bss_start[], __bss_end[], __main_stack_end[];

int main(void);
void Reset_Handler(void);
void NMI_Handler(void);
void SVC_Handler(void);
void TIMER0_Handler(void);
void Default_Handler(void);

typedef void (*vector)(void);

__attribute__((section(".vectors"), used)) static const vector vectors[16 + 32] = {
    [0] = (vector) (uintptr_t) __main_stack_end,
    [1] = Reset_Handler,
    [2] = NMI_Handler,
    [3] = faultline_fault_entry,
    [4] = faultline_fault_entry,
    [5] = faultline_fault_entry,
    [6] = faultline_fault_entry,
    [11] = Default_Handler,
    [12] = Default_Handler,
    [14] = PendSV_Handler,
    [15] = SysTick_Handler,
    [16 ... 23] = Default_Handler,
    [24] = TIMER0_Handler,
    [25 ... 47] = Default_Handler,
};

/* Nothing called this: the unwinder shall stop here and not look for a caller of the reset. */
#define OUTERMOST_FRAME __asm volatile(".cfi_undefined lr")

void Reset_Handler(void) {
    OUTERMOST_FRAME;
#ifdef __ARM_FP
    *(volatile uint32_t *) 0xE000ED88u |= 0xFu << 20; /* CPACR: the FPU on, before any code may use it */
    __asm volatile("dsb\nisb" ::: "memory");
#endif
    memcpy(__data_start, __data_load, (uintptr_t) __data_end - (uintptr_t) __data_start);
    memset(__bss_start, 0, (uintptr_t) __bss_end - (uintptr_t) __bss_start);
    main();
    for (;;) {
    }
}

void NMI_Handler(void) {
    faultline_crash(FAULTLINE_WATCHDOG, "not fed for 250 ms");
    for (;;) {
    }
}

void Default_Handler(void) {
    faultline_crash(FAULTLINE_PANIC, "interrupt without a handler");
    for (;;) {
    }
}

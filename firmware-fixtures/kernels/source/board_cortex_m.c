/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Start and vectors. */
#include "faultline.h"
#include "kernel.h"

#include <string.h>

extern uint32_t __data_start[], __data_end[], __data_load[], __bss_start[], __bss_end[], __main_stack_end[];

void start_tasks(void);
void Reset_Handler(void);
void PendSV_Handler(void);
void Sample_Handler(void);

static void close_null_page(void) {
    *(volatile uint32_t *) 0xE000ED98u = 0;
    *(volatile uint32_t *) 0xE000ED9Cu = 0;
    *(volatile uint32_t *) 0xE000EDA0u = 9u << 1 | 1u; /* 1 KiB at 0: no access */
    *(volatile uint32_t *) 0xE000ED94u = 5;            /* on, with the default map for the rest */
    __asm volatile("dsb\nisb" ::: "memory");
}

void Reset_Handler(void) {
    __asm volatile(".cfi_undefined lr"); /* nothing called this */
#ifdef __ARM_FP
    *(volatile uint32_t *) 0xE000ED88u |= 0xFu << 20;
    __asm volatile("dsb\nisb" ::: "memory");
#endif
    memcpy(__data_start, __data_load, (uintptr_t) __data_end - (uintptr_t) __data_start);
    memset(__bss_start, 0, (uintptr_t) __bss_end - (uintptr_t) __bss_start);
    close_null_page();
    faultline_enable_traps(FAULTLINE_SEPARATE_FAULTS | FAULTLINE_TRAP_DIVIDE_BY_ZERO);
    *(volatile uint32_t *) 0xE000ED20u = 0xFFu << 16; /* PendSV lowest */
    *(volatile uint32_t *) 0xE000E100u = 1u << 8;
    start_tasks();
    for (;;) {
    }
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16 + 32])(void) = {
    [0] = (void (*)(void)) (uintptr_t) __main_stack_end,
    [1] = Reset_Handler,
    [2] = faultline_fault_entry,
    [3] = faultline_fault_entry,
    [4] = faultline_fault_entry,
    [5] = faultline_fault_entry,
    [6] = faultline_fault_entry,
    [14] = PendSV_Handler,
    [16 + 8] = Sample_Handler,
};

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Start, vectors, and what the device library asks: one thread only, so that all others have to be found in memory. */
#include "faultline.h"
#include "kernel.h"
#include "semihost.h"

#include <string.h>

extern uint32_t __data_start[], __data_end[], __data_load[], __bss_start[], __bss_end[], __main_stack_end[];
extern const uint8_t __build_id_start[], __build_id_end[], __ram_start[], __ram_end[];

void start_tasks(void);
void Reset_Handler(void);
void PendSV_Handler(void);
void Sample_Handler(void);

static int write_to_host(void *context, const void *bytes, size_t size) {
    return semihost_write(*(int *) context, bytes, size);
}

void faultline_port_crashed(const struct faultline_crash_info *crash) {
    int handle = semihost_create("dump.core");
    if (handle < 0) {
        semihost_exit(3);
    }
    int failed = faultline_write_core(crash, write_to_host, &handle);
    semihost_close(handle);
    semihost_exit(failed == 0 ? 1 : 3);
}

void faultline_port_crashed_again(void) {
    semihost_exit(4);
}

struct faultline_identity faultline_port_identity(void) {
    struct faultline_identity identity = {"KB-0001", HARDWARE_REVISION, KERNEL_NAME, "1.0.0", 0, 0};
    identity.build_id_size = faultline_build_id(__build_id_start, __build_id_end, &identity.build_id);
    return identity;
}

uint32_t faultline_port_uptime_ms(void) {
    return 20;
}

uint32_t faultline_port_current_thread(void) {
    return 0;
}

bool faultline_port_thread(unsigned index, struct faultline_thread *thread) {
    (void) index;
    (void) thread;
    return false;
}

bool faultline_port_region(unsigned index, struct faultline_region *region) {
    region->start = (uint32_t) __ram_start;
    region->size = (uint32_t) (__ram_end - __ram_start);
    return index == 0;
}

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

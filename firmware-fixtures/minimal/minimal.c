/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * The smallest user of the device library: no operating system, a Cortex-M0 (ARMv6-M: no fault status registers, no MPU), QEMU's
 * microbit. It sums a list and trips over one of its entries.
 */
#include "faultline.h"
#include "faultline_log.h"
#include "semihost.h"

#include <string.h>

extern uint32_t __stack_end[], __data_start[], __data_end[], __data_load[], __bss_start[], __bss_end[];
extern const uint8_t __build_id_start[], __build_id_end[];

int main(void);
void Reset_Handler(void);

struct entry {
    const struct entry *next;
    uint32_t value;
};

static struct entry entries[4];

/* ---- port ---- */

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
    struct faultline_identity identity = {"MB-0001", "m0", "minimal", "1.0.0", 0, 0};
    identity.build_id_size = faultline_build_id(__build_id_start, __build_id_end, &identity.build_id);
    return identity;
}

/* Nothing counts the time here. */
uint32_t faultline_port_uptime_ms(void) {
    return 0;
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
    region->start = 0x20000000u;
    region->size = 16u * 1024u;
    return index == 0;
}

/* ---- program ---- */

static __attribute__((noinline)) uint32_t value_of(const struct entry *entry) {
    if (entry->value > 1000) {
        faultline_crash(FAULTLINE_ASSERT, "entry->value <= 1000");
    }
    return entry->value;
}

static __attribute__((noinline)) uint32_t sum(const struct entry *entry) {
    return entry == 0 ? 0 : value_of(entry) + sum(entry->next);
}

int main(void) {
    char options[96] = "";
    semihost_options(options, sizeof options);
    for (uint32_t i = 0; i < 4; i++) {
        entries[i].value = 10 * i;
        entries[i].next = i < 3 ? &entries[i + 1] : 0;
    }
    FAULTLINE_LOG_I("sum of a good list: %lu", sum(entries));
    if (strstr(options, "situation=large-entry") != 0) {
        entries[2].value = 4000;
    } else {
        entries[2].next = (const struct entry *) ((uint32_t) &entries[3] + 2); /* ARMv6-M reads no word from an odd half */
    }
    FAULTLINE_LOG_I("sum of a bad list: %lu", sum(entries));
    semihost_exit(0);
    return 0;
}

__attribute__((section(".vectors"), used)) static void (*const vectors[16 + 32])(void) = {
    (void (*)(void)) (uintptr_t) __stack_end,
    Reset_Handler,
    faultline_fault_entry,
    faultline_fault_entry,
};

void Reset_Handler(void) {
    __asm volatile(".cfi_undefined lr"); /* nothing called this */
    memcpy(__data_start, __data_load, (uintptr_t) __data_end - (uintptr_t) __data_start);
    memset(__bss_start, 0, (uintptr_t) __bss_end - (uintptr_t) __bss_start);
    main();
    for (;;) {
    }
}

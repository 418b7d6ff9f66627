/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "board.h"

#include "semihost.h"
#include "tank.h"

#include <string.h>

#define MTIMECMP (*(volatile uint64_t *) 0x02004000)
#define MTIME (*(volatile uint64_t *) 0x0200BFF8)
#define TICKS_PER_MS 10000u

#define PMP_NAPOT 0x18u
#define PMP_LOCKED 0x80u /* holds in machine mode as well */

static char options[96];
static uint64_t next_interrupt;

void timer_interrupt(void);

void board_read_options(void) {
    semihost_options(options, sizeof options);
}

bool board_situation_is(const char *situation) {
    const char *asked = strstr(options, "situation=");
    return asked != 0 && strcmp(asked + strlen("situation="), situation) == 0;
}

void board_guard(unsigned index, const void *guard) {
    uintptr_t address = (uintptr_t) guard >> 2 | (BOARD_GUARD_SIZE / 8 - 1);
    uintptr_t configuration = (uintptr_t) (PMP_NAPOT | PMP_LOCKED) << 8 * index;
    if (index == 0) {
        __asm volatile("csrw pmpaddr0, %0" : : "r"(address));
    } else {
        __asm volatile("csrw pmpaddr1, %0" : : "r"(address));
    }
    __asm volatile("csrs pmpcfg0, %0\n"
                   "fence\n"
                   :
                   : "r"(configuration)
                   : "memory");
}

void board_start_timer(void) {
    next_interrupt = MTIME + TICKS_PER_MS;
    MTIMECMP = next_interrupt;
    __asm volatile("csrs mie, %0" : : "r"(1u << 7));
    __asm volatile("csrsi mstatus, 8" : : : "memory");
}

uint32_t board_uptime_ms(void) {
    return (uint32_t) (MTIME / TICKS_PER_MS);
}

void timer_interrupt(void) {
    next_interrupt += TICKS_PER_MS;
    MTIMECMP = next_interrupt;
    tank_count_pulse();
}

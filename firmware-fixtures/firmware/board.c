/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "board.h"

#define REGISTER(address) (*(volatile uint32_t *) (uintptr_t) (address))

/* CMSDK APB timer 0, interrupt 8. */
#define TIMER_CTRL REGISTER(0x40000000u)
#define TIMER_VALUE REGISTER(0x40000004u)
#define TIMER_RELOAD REGISTER(0x40000008u)
#define TIMER_INTCLEAR REGISTER(0x4000000Cu)
#define TIMER_IRQ 8u

/* CMSDK APB watchdog, wired to NMI. */
#define WATCHDOG_LOAD REGISTER(0x40008000u)
#define WATCHDOG_CTRL REGISTER(0x40008008u)
#define WATCHDOG_INTCLR REGISTER(0x4000800Cu)
#define WATCHDOG_LOCK REGISTER(0x40008C00u)
#define WATCHDOG_UNLOCK 0x1ACCE551u

#define NVIC_ISER REGISTER(0xE000E100u)
#define NVIC_IPR(n) (*(volatile uint8_t *) (uintptr_t) (0xE000E400u + (n)))

#define MPU_CTRL REGISTER(0xE000ED94u)
#define MPU_RBAR REGISTER(0xE000ED9Cu)
#define MPU_RASR REGISTER(0xE000EDA0u)
#define MPU_VALID 0x10u
#define MPU_ENABLE 1u
#define MPU_XN (1u << 28)
#define MPU_NO_ACCESS (0u << 24)
#define MPU_FULL_ACCESS (3u << 24)
#define MPU_NORMAL_MEMORY ((1u << 19) | (1u << 17))
#define MPU_SIZE(log2) (((log2) - 1u) << 1)

static void set_region(uint32_t region, uint32_t base, uint32_t attributes) {
    MPU_RBAR = base | MPU_VALID | region;
    MPU_RASR = attributes | MPU_ENABLE;
}

/* A higher region wins where two overlap. */
void board_init(void) {
    set_region(0, 0x20000000u, MPU_XN | MPU_FULL_ACCESS | MPU_NORMAL_MEMORY | MPU_SIZE(22));
    set_region(1, 0x00000000u, MPU_XN | MPU_NO_ACCESS | MPU_NORMAL_MEMORY | MPU_SIZE(10));
    MPU_CTRL = 5; /* on; the default map elsewhere; not inside HardFault and NMI */
    __asm volatile("dsb\nisb" ::: "memory");
}

void board_guard_stack(uint32_t stack_bottom) {
    set_region(7, stack_bottom, MPU_XN | MPU_NO_ACCESS | MPU_NORMAL_MEMORY | MPU_SIZE(7));
    __asm volatile("dsb\nisb" ::: "memory");
}

void board_start_sample_clock(uint32_t microseconds) {
    TIMER_CTRL = 0;
    TIMER_RELOAD = microseconds * (BOARD_CLOCK_HZ / 1000000u) - 1;
    TIMER_VALUE = TIMER_RELOAD;
    NVIC_IPR(TIMER_IRQ) = 0x40;
    NVIC_ISER = 1u << TIMER_IRQ;
    TIMER_CTRL = 9; /* interrupt, enable */
}

void board_clear_sample_clock(void) {
    TIMER_INTCLEAR = 1;
}

void board_start_watchdog(uint32_t milliseconds) {
    WATCHDOG_LOCK = WATCHDOG_UNLOCK;
    WATCHDOG_LOAD = milliseconds * (BOARD_CLOCK_HZ / 1000u);
    WATCHDOG_CTRL = 1;
}

void board_feed_watchdog(void) {
    WATCHDOG_INTCLR = 1; /* reloads the counter too */
}

void board_stop_watchdog(void) {
    WATCHDOG_CTRL = 0;
}

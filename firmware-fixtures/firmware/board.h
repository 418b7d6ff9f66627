/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* The mps2 board as our sensor node sees it: sample clock, watchdog, memory protection. */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

#define BOARD_CLOCK_HZ 25000000u

void board_init(void);

/* Sample clock: interrupts every `microseconds`. */
void board_start_sample_clock(uint32_t microseconds);
void board_clear_sample_clock(void);

/* The watchdog raises NMI when it has not been fed for `milliseconds`. */
void board_start_watchdog(uint32_t milliseconds);
void board_feed_watchdog(void);
void board_stop_watchdog(void);

/* Closes the 128 bytes at `stack_bottom` until the next call. */
void board_guard_stack(uint32_t stack_bottom);

#endif

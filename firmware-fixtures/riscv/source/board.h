/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* QEMU's machine "virt": its timer, and guards that the physical memory protection makes. */
#ifndef BOARD_H
#define BOARD_H

#include <stdbool.h>
#include <stdint.h>

/* Bytes of a guard; it is aligned to as many. */
#define BOARD_GUARD_SIZE 128

/* No access to a guard from now on, and nothing can take that back before a reset. */
void board_guard(unsigned index, const void *guard);

/* An interrupt every millisecond from now on. */
void board_start_timer(void);

uint32_t board_uptime_ms(void);

/* Whether this is what shall happen to the tank. */
bool board_situation_is(const char *situation);
void board_read_options(void);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* The history of readings in external flash. */
#ifndef STORAGE_H
#define STORAGE_H

#include <stdint.h>

/* Copies up to `count` entries of 4 bytes; answers how many. */
uint32_t storage_read_history(uint8_t *bytes, uint32_t size, uint32_t count);

#endif

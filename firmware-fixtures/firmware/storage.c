/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "storage.h"

#include "world.h"

#include <string.h>

#define ENTRY_SIZE 4u
#define FIRST_ENTRY 8u

static __attribute__((noinline)) void read_flash(uint32_t offset, void *bytes, uint32_t size) {
    memcpy(bytes, world_flash_window() + offset, size);
    uint32_t *last = bytes;
    last[size / ENTRY_SIZE - 1] &= 0x7FFFFFFFu; /* the top bit only says that the entry was erased once */
}

uint32_t storage_read_history(uint8_t *bytes, uint32_t size, uint32_t count) {
    uint32_t room = size / ENTRY_SIZE;
    uint32_t entries = count < room ? count : room;
    if (entries > 0) {
        read_flash(FIRST_ENTRY, bytes, entries * ENTRY_SIZE);
    }
    return entries;
}

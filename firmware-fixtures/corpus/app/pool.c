/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include <assert.h>

#define BLOCKS 6
#define BLOCK_SIZE 32

static uint8_t blocks[BLOCKS][BLOCK_SIZE];
static bool used[BLOCKS];

void *pool_alloc(uint32_t size) {
    for (uint32_t i = 0; i < BLOCKS && size <= BLOCK_SIZE; i++) {
        if (!used[i]) {
            used[i] = true;
            return blocks[i];
        }
    }
    panic("no block of %u bytes left", size);
    return NULL;
}

void pool_free(void *block) {
    uint32_t i = (uint32_t) ((uint8_t *) block - blocks[0]) / BLOCK_SIZE;
    assert(used[i]);
    used[i] = false;
}

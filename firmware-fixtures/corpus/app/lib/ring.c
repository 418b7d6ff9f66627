/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "../tracker.h"

#include <string.h>

uint32_t ring_push(struct ring *ring, const void *item) {
    uint32_t place = ring->count % ring->capacity;
    memcpy(ring->items + place * ring->item_size, item, ring->item_size);
    ring->count++;
    return ring->count;
}

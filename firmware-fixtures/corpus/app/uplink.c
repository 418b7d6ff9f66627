/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include <string.h>

struct frame {
    uint8_t *bytes;
    uint32_t size;
};

static uint8_t frame_bytes[64];
static struct lease home = {1, 1000};

static uint32_t encode_field(struct frame *frame, uint32_t value) {
    uint8_t *to = met(FIELD_BEYOND) ? (uint8_t *) 0x60000000u : frame->bytes;
    memcpy(to + frame->size % 32, &value, sizeof value);
    frame->size += 4;
    return frame->size;
}

#if RELEASE >= 4
#define encode_record encode_entry
#endif
static uint32_t encode_record(struct frame *frame, uint32_t record) {
    uint32_t size = encode_field(frame, record);
    return size + encode_field(frame, record * 3);
}

uint32_t uplink_build(uint32_t records) {
    struct frame frame = {frame_bytes, 0};
    uint32_t size = 0;
    for (uint32_t i = 0; i < records; i++) {
        void *block = pool_alloc(16);
        size += encode_record(&frame, i);
        if (!met(UPLINK_LEAK)) {
            pool_free(block);
        }
    }
    return size;
}

uint32_t uplink_release(uint32_t size) {
    void *block = pool_alloc(8 + size % 8);
    pool_free(block);
    if (met(UPLINK_TWICE)) {
        pool_free(block);
    }
    return size;
}

static uint32_t refresh_route(uint32_t peer) {
    struct lease *lease = met(ROUTE_LEASE) ? nothing : &home;
    uint32_t rest = lease_touch(lease, peer);
    return rest & 7;
}

uint32_t route_update(uint32_t peer) {
    uint32_t rest = refresh_route(peer);
    return rest + 1;
}

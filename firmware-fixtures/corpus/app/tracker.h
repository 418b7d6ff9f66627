/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * A tracker with planted bugs, for measuring how crashes are grouped. What happens in a run is chosen at start: `bug=<number>`, the entry
 * by which it is reached (`path=<0…3>`), `seed=<number>`, `after=<milliseconds>`, `stack=<bytes in the dump>`. RELEASE, 1 to 4, is given by
 * the compiler's command line: later releases have inserted, renamed, moved and inlined functions. A run crashes where the bug is; nothing
 * else in the code knows of it.
 */
#ifndef TRACKER_H
#define TRACKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum bug {
    NO_BUG,
    HISTORY_UNPOWERED, /* the flash is read while its supply is off */
    INDEX_MISSING,     /* an index that was never loaded is searched */
    BLOCK_BEYOND,      /* a block number beyond the chip */
    CONFIG_NESTED,     /* objects in objects without a limit */
    TEXT_MISSING,      /* an optional text is compared without a look whether it is there */
    RATE_ZERO,         /* a rate of zero */
    RADIO_BUSY,        /* the busy line is waited for without an end */
    EVENT_UNBOUND,     /* an event without a handler */
    WINDOW_MISSED,     /* an acknowledgement out of its window */
    FIELD_BEYOND,      /* a field is copied beyond the frame */
    UPLINK_TWICE,      /* the uplink gives its block back twice */
    SESSION_TWICE,     /* the session gives its block back twice */
    UPLINK_LEAK,       /* the uplink never gives its blocks back */
    SAMPLE_LEAK,       /* the sampler never gives its blocks back */
    GAIN_MISSING,      /* a channel without calibration */
    WORD_UNALIGNED,    /* a pair of words at an odd place */
    RANGE_UNKNOWN,     /* a range that "can not be" */
    SENSOR_RING,       /* the sensor's ring is used before it has memory */
    RADIO_RING,        /* the radio's ring is used before it has memory */
    SLOT_BEYOND,       /* a key slot beyond the table */
    MAC_MISSING,       /* a code is finished that was never begun */
    EDGE_BEYOND,       /* a polygon with more edges than points */
    ORDER_MISSING,     /* a list with a hole is sorted */
    IMAGE_SHORT,       /* an image shorter than its header says */
    FLASH_BUSY,        /* a chip that is never ready is waited for */
    CAPTURE_EARLY,     /* the capture interrupt comes before its buffer is there */
    ARGUMENT_MISSING,  /* a command without its argument */
    INTERVAL_ABSENT,   /* one command trusts that a field is there */
    LIMIT_ABSENT,      /* so does another */
    PEER_UNKNOWN,      /* one check of the opening session */
    VERSION_UNKNOWN,   /* another check in the same function */
    SESSION_LEASE,     /* the session touches a lease it does not have */
    ROUTE_LEASE,       /* so does the route, in the same helper */
    ZONE_ABSENT,       /* bytes of a zone that was never sent are read */
    STOPS_ABSENT,      /* bytes of stops that were never sent are read, by the same two helpers */
    BUG_COUNT
};

struct scenario {
    uint32_t bug;
    uint32_t path;
    uint32_t seed;
    uint32_t after_ms;
    uint32_t stack; /* bytes of the stack that go into the dump; 0: all of RAM */
    char device[24];
    char dump[24];
};

extern volatile struct scenario scenario;

/* NULL, and a compiler that knew so would make something else of it. */
extern void *volatile nothing;

void scenario_init(void);

/* Whether the input of this run is the one that this bug can not stand. */
static inline bool met(enum bug bug) {
    return scenario.bug == (uint32_t) bug;
}

enum operation { HISTORY, CONFIGURE, SYNC, SENSE, TRACK, UPDATE, LINK, OPERATION_COUNT };

/* ---- entries ---- */

void downlink_task(void);
void jobs_task(void);
void console_task(void);

/* ---- modules: each answers something small that its callers use ---- */

uint32_t storage_read(uint32_t block, uint8_t *into, uint32_t size);
uint32_t storage_update(uint32_t key, uint32_t value);
uint32_t storage_append(uint32_t block, uint32_t value);

uint32_t config_load(const char *text);
uint32_t config_apply(uint32_t group);
uint32_t config_rate(uint32_t interval);

uint32_t radio_send(const uint8_t *frame, uint32_t size);
uint32_t radio_event(uint32_t event);
uint32_t radio_acknowledge(uint32_t sequence);
uint32_t radio_queue(uint32_t value);

uint32_t uplink_build(uint32_t records);
uint32_t uplink_release(uint32_t block);
uint32_t route_update(uint32_t peer);

uint32_t session_open(uint32_t peer);
uint32_t session_close(uint32_t peer);

uint32_t sensor_read(uint32_t channel);
uint32_t sensor_decode(const uint8_t *bytes, uint32_t size);
uint32_t sensor_range(uint32_t channel);
uint32_t sensor_collect(uint32_t channel);
void sensor_capture(void);

uint32_t crypto_open(uint32_t slot);
uint32_t crypto_seal(const uint8_t *bytes, uint32_t size);

uint32_t geofence_check(int32_t x, int32_t y);
uint32_t geofence_nearest(int32_t x, int32_t y);

uint32_t codec_zone(uint32_t zone);
uint32_t codec_stops(uint32_t count);

uint32_t update_begin(const uint8_t *image, uint32_t size);
uint32_t update_write(uint32_t address, uint32_t value);

/* ---- helpers of everybody ---- */

struct ring {
    uint8_t *items;
    uint32_t item_size;
    uint32_t capacity;
    uint32_t count;
};

uint32_t ring_push(struct ring *ring, const void *item);

struct lease {
    uint32_t owner;
    uint32_t until;
};

uint32_t lease_touch(struct lease *lease, uint32_t now);

void *pool_alloc(uint32_t size);
void pool_free(void *block);

/* Says what is wrong and ends. */
void panic(const char *format, uint32_t value);

#endif

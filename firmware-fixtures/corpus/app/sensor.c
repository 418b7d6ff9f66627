/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#if RELEASE >= 3
#include "bytes.h"
#endif

struct calibration {
    int32_t gain;
    int32_t offset;
};

static struct calibration calibrations[3] = {{3, 1}, {4, 2}, {5, 3}};
static struct ring ring;
static uint8_t ring_items[8 * 4];
static uint32_t *capture_buffer;
static uint32_t captures[4];

static const struct calibration *calibration_of(uint32_t channel) {
    return met(GAIN_MISSING) ? nothing : &calibrations[channel % 3];
}

static int32_t apply_gain(const struct calibration *calibration, int32_t raw) {
    return raw * calibration->gain + calibration->offset;
}

static int32_t scale(uint32_t channel, int32_t raw) {
    int32_t scaled = apply_gain(calibration_of(channel), raw);
    return scaled > 4000 ? 4000 : scaled;
}

uint32_t sensor_read(uint32_t channel) {
    int32_t value = 0;
    for (int32_t i = 0; i < 3; i++) {
        value += scale(channel, 100 + i);
    }
    return (uint32_t) value;
}

#if RELEASE < 3
static uint32_t read_pair(const uint8_t *bytes) {
    uint32_t low, high;
    __asm volatile("ldrd %0, %1, [%2]" : "=&r"(low), "=&r"(high) : "r"(bytes)); /* what a compiler makes of two loads */
    return low + high;
}
#endif

static uint32_t decode_item(const uint8_t *bytes) {
    uint32_t sum = read_pair(bytes);
    return sum ^ bytes[0];
}

uint32_t sensor_decode(const uint8_t *bytes, uint32_t size) {
    uint32_t sum = 0;
    for (uint32_t at = met(WORD_UNALIGNED) ? 1 : 0; at + 8 <= size; at += 8) {
        sum += decode_item(bytes + at);
    }
    return sum;
}

static uint32_t width_of(uint32_t range) {
    switch (range) {
    case 0:
        return 10;
    case 1:
        return 20;
    default:
        __builtin_trap();
    }
}

uint32_t sensor_range(uint32_t channel) {
    uint32_t width = width_of(met(RANGE_UNKNOWN) ? 7 : channel % 2);
    return width + channel;
}

static uint32_t queue_sample(uint32_t value) {
    ring.item_size = 4;
    ring.capacity = 8;
    ring.items = met(SENSOR_RING) ? (uint8_t *) 0x60000000u : ring_items;
    uint32_t waiting = ring_push(&ring, &value);
    return waiting & 7;
}

static uint32_t keep_sample(uint32_t value) {
    uint32_t *kept = pool_alloc(sizeof value);
    *kept = value;
    if (!met(SAMPLE_LEAK)) {
        pool_free(kept);
    }
    return value;
}

uint32_t sensor_collect(uint32_t channel) {
    uint32_t sum = 0;
    for (uint32_t i = 0; i < 8; i++) {
        sum += queue_sample(channel + i);
        sum += keep_sample(sum);
    }
    return sum;
}

static void store_capture(uint32_t value) {
    capture_buffer[value % 4] = value;
}

/* From the timer's interrupt. */
void sensor_capture(void) {
    static uint32_t count;
    capture_buffer = met(CAPTURE_EARLY) && count > 20 ? nothing : captures;
    count++;
    store_capture(count);
}

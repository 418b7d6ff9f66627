/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

static const uint8_t zones[16] = {1, 2, 3, 4, 5, 6, 7, 8};
static const uint8_t stops[24] = {9, 8, 7, 6, 5, 4, 3, 2};

static uint32_t byte_at(const uint8_t *bytes, uint32_t at) {
    return bytes[at] ^ 0x5Au;
}

static uint32_t word_at(const uint8_t *bytes, uint32_t at) {
    uint32_t word = byte_at(bytes, at);
    return word << 8 | byte_at(bytes, at + 1);
}

uint32_t codec_zone(uint32_t zone) {
    const uint8_t *bytes = met(ZONE_ABSENT) ? nothing : zones;
    uint32_t word = word_at(bytes, zone % 8);
    return word + zone;
}

uint32_t codec_stops(uint32_t count) {
    const uint8_t *bytes = met(STOPS_ABSENT) ? nothing : stops;
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count % 6 + 1; i++) {
        sum += word_at(bytes, 2 * i);
    }
    return sum;
}

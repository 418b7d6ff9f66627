/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "packet.h"

#include <assert.h>
#include <string.h>

#define AWAITED 8
#define SEQUENCE_ALL 0xFF

struct awaited {
    uint32_t sent_ms;
    packet_confirmed confirmed;
    uint8_t sequence;
    bool used;
};

static struct awaited awaited[AWAITED];
static uint32_t awaited_count;
static uint8_t next_sequence;

/* ---- encoding ---- */

static inline uint8_t *put_u8(uint8_t *at, uint8_t value) {
    *at = value;
    return at + 1;
}

static inline uint8_t *put_u16(uint8_t *at, uint16_t value) {
    return put_u8(put_u8(at, (uint8_t) value), (uint8_t) (value >> 8));
}

static inline uint8_t *put_fixed(uint8_t *at, float value) {
    return put_u16(at, (uint16_t) (int16_t) (value * 16.0f));
}

static uint8_t *put_reading(uint8_t *at, const struct reading *reading) {
    at = put_u8(at, reading->channel);
    at = put_u16(at, (uint16_t) reading->time_ms);
    at = put_fixed(at, reading->value);
    return put_fixed(at, reading->deviation);
}

uint16_t packet_checksum(const uint8_t *bytes, uint32_t size) {
    uint16_t crc = 0xFFFF; /* CRC-16/CCITT */
    for (uint32_t i = 0; i < size; i++) {
        crc ^= (uint16_t) (bytes[i] << 8);
        for (int bit = 0; bit < 8; bit++) {
            crc = (uint16_t) ((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
        }
    }
    return crc;
}

void packet_encode(struct packet *packet, const struct reading *readings, uint32_t count) {
    uint8_t *at = packet->bytes;
    packet->sequence = (uint8_t) (next_sequence++ % 0x80);
    at = put_u8(at, packet->sequence);
    for (uint32_t i = 0; i < count && at + 7 <= packet->bytes + FRAME_SIZE; i++) {
        at = put_reading(at, &readings[i]);
    }
    packet->size = (uint8_t) (at - packet->bytes);
    packet->checksum = packet_checksum(packet->bytes, packet->size);
}

/* ---- confirmation ---- */

static struct awaited *free_place(void) {
    for (int i = 0; i < AWAITED; i++) {
        if (!awaited[i].used) {
            return &awaited[i];
        }
    }
    return 0;
}

void packet_await(const struct packet *packet, uint32_t now_ms, packet_confirmed confirmed) {
    assert(awaited_count < AWAITED);
    struct awaited *place = free_place();
    place->sequence = packet->sequence;
    place->sent_ms = now_ms;
    place->confirmed = confirmed;
    place->used = true;
    awaited_count++;
}

static __attribute__((noinline)) void confirm_place(struct awaited *place, uint8_t sequence, uint32_t now_ms) {
    packet_confirmed confirmed = place->confirmed;
    uint32_t waited_ms = now_ms - place->sent_ms;
    if (place->used) {
        awaited_count--;
    }
    memset(place, 0, sizeof *place);
    confirmed(sequence, waited_ms);
}

void packet_confirm(uint8_t sequence, uint32_t now_ms) {
    if (sequence == SEQUENCE_ALL) {
        for (int i = 0; i < AWAITED; i++) {
            if (awaited[i].used) {
                confirm_place(&awaited[i], awaited[i].sequence, now_ms);
            }
        }
        return;
    }
    int place = 0;
    while (place < AWAITED - 1 && awaited[place].sequence != sequence) {
        place++;
    }
    confirm_place(&awaited[place], sequence, now_ms);
}

uint32_t packet_unconfirmed(void) {
    return awaited_count;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Uplink packets: encoding, checksum, and the list of those that no gateway has confirmed yet. */
#ifndef PACKET_H
#define PACKET_H

#include "filter.h"
#include "protocol.h"

struct packet {
    uint8_t sequence;
    uint8_t size;
    uint16_t checksum;
    uint8_t bytes[FRAME_SIZE];
};

typedef void (*packet_confirmed)(uint8_t sequence, uint32_t waited_ms);

void packet_encode(struct packet *packet, const struct reading *readings, uint32_t count);
uint16_t packet_checksum(const uint8_t *bytes, uint32_t size);

/* Keeps a sent packet until packet_confirm names it. */
void packet_await(const struct packet *packet, uint32_t now_ms, packet_confirmed confirmed);

/* 0xFF confirms all. */
void packet_confirm(uint8_t sequence, uint32_t now_ms);
uint32_t packet_unconfirmed(void);

#endif

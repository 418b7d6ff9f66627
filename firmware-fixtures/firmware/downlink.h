/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Reads what the gateway sends and does it. */
#ifndef DOWNLINK_H
#define DOWNLINK_H

#include <stdint.h>

struct limits {
    uint32_t low;
    uint32_t high;
};

struct settings {
    uint32_t interval_ms;
    uint32_t duty_per_mille;
    struct limits limits;
    char label[12];
};

extern struct settings settings;

void downlink_receive(const uint8_t *frame, uint32_t size);

#endif

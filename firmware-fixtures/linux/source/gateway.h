/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 */
#ifndef GATEWAY_H
#define GATEWAY_H

#include <stddef.h>
#include <stdint.h>

struct sampler {
    unsigned period;
    int16_t readings[8];
    int sum;
    struct calibration *calibration;
    void (*on_sample)(struct sampler *);
};

struct calibration {
    int offset;
    int scale;
};

struct uplink {
    char name[8];
    unsigned sent;
};

void wait_for_network(struct uplink *link);
void sample_once(struct sampler *sampler);
int fold(struct sampler *sampler, int depth);
void deliver(struct sampler *sampler);
int decode_frame(const uint8_t *frame, size_t size);
int busy_until_alarm(struct sampler *sampler);
void watchdog_bark(struct uplink *link);

#endif

/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 */
#include <assert.h>
#include <signal.h>
#include <unistd.h>

#include "gateway.h"

void wait_for_network(struct uplink *link) {
    while (link->sent != 0) {
        pause();
    }
}

static inline int calibrated(const struct sampler *sampler, int reading) {
    return (reading + sampler->calibration->offset) * sampler->calibration->scale;
}

/* The sampler has no calibration. */
static int average(const struct sampler *sampler) {
    int sum = 0;
    for (unsigned i = 0; i < 8; i++) {
        sum += calibrated(sampler, sampler->readings[i]);
    }
    return sum / 8;
}

void sample_once(struct sampler *sampler) {
    sampler->sum = average(sampler);
    sampler->period++;
}

/* Calls itself until the stack is full. */
__attribute__((noinline, noclone)) int fold(struct sampler *sampler, int depth) {
    volatile char scratch[512];
    scratch[depth % sizeof scratch] = (char)depth;
    int below = fold(sampler, depth + 1);
    return below + scratch[(unsigned)below % sizeof scratch];
}

void deliver(struct sampler *sampler) {
    sampler->on_sample(sampler);
    sampler->period++;
}

static size_t payload_size(const uint8_t *frame, size_t size) {
    size_t told = frame[1];
    assert(told <= size - 2 && "the frame is cut");
    return told;
}

int decode_frame(const uint8_t *frame, size_t size) {
    size_t payload = payload_size(frame, size);
    int sum = 0;
    for (size_t i = 0; i < payload; i++) {
        sum += frame[2 + i];
    }
    return sum;
}

int busy_until_alarm(struct sampler *sampler) {
    alarm(1);
    for (volatile unsigned round = 0;; round++) {
        sampler->sum += (int)(round % sampler->period);
    }
}

/* The watchdog does not find who it watches. */
void watchdog_bark(struct uplink *link) {
    volatile unsigned *counter = (volatile unsigned *)(uintptr_t)(link->sent - 3);
    *counter = link->sent;
}

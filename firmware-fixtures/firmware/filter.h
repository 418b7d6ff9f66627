/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Raw converter values become physical ones, smoothed. */
#ifndef FILTER_H
#define FILTER_H

#include "world.h"

struct calibration {
    uint8_t channel;
    float offset;
    float gain;
};

struct reading {
    uint32_t time_ms;
    float value;
    float deviation;
    uint8_t channel;
};

/* Samples of one batch; readings come out one per channel. Answers how many. */
uint32_t filter_batch(const struct raw_sample *samples, uint32_t count, struct reading *readings, uint32_t limit);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "filter.h"

#define CHANNELS 3

static const struct calibration calibrations[CHANNELS] = {
    {0, -273.15f, 0.125f},
    {1, 0.0f, 0.04f},
    {2, 300.0f, 0.25f},
};

struct smoothing {
    float mean;
    float variance;
};

static struct smoothing smoothings[8];

static const struct calibration *find_calibration(uint8_t channel) {
    for (int i = 0; i < CHANNELS; i++) {
        if (calibrations[i].channel == channel) {
            return &calibrations[i];
        }
    }
    return 0;
}

static inline float apply(const struct calibration *calibration, int16_t raw) {
    return calibration->offset + calibration->gain * (float) raw;
}

/* Exponentially weighted mean and variance. */
static inline float smooth(struct smoothing *state, float value) {
    float difference = value - state->mean;
    state->mean += 0.25f * difference;
    state->variance = 0.75f * (state->variance + 0.25f * difference * difference);
    return state->mean;
}

static inline float square_root(float value) {
    float root = value > 1.0f ? value : 1.0f;
    for (int i = 0; i < 6; i++) {
        root = 0.5f * (root + value / root);
    }
    return root;
}

static __attribute__((noinline)) void update_reading(struct reading *reading, const struct raw_sample *sample) {
    const struct calibration *calibration = find_calibration(sample->channel);
    struct smoothing *state = &smoothings[sample->channel & 7];
    reading->value = smooth(state, apply(calibration, sample->value));
    reading->deviation = square_root(state->variance);
    reading->channel = sample->channel;
    reading->time_ms = sample->time_ms;
}

static struct reading *reading_for(struct reading *readings, uint32_t *count, uint32_t limit, uint8_t channel) {
    for (uint32_t i = 0; i < *count; i++) {
        if (readings[i].channel == channel) {
            return &readings[i];
        }
    }
    return *count < limit ? &readings[(*count)++] : &readings[limit - 1];
}

uint32_t filter_batch(const struct raw_sample *samples, uint32_t count, struct reading *readings, uint32_t limit) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct reading *reading = reading_for(readings, &found, limit, samples[i].channel);
        update_reading(reading, &samples[i]);
    }
    return found;
}

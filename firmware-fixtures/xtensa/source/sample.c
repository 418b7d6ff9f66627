/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Faultline authors
 */
#include "node.h"

static int raw_of(const struct channel *channel) {
    return 40 + channel->name[0];
}

__attribute__((noinline)) static int calibrated(const struct channel *channel, int raw) {
    return (raw + channel->calibration->offset) * channel->calibration->scale;
}

__attribute__((noinline)) static int sample(struct channel *channel, int weight) {
    channel->last = calibrated(channel, raw_of(channel));
    return channel->last * weight;
}

int sample_all(struct channel *channels, unsigned count) {
    int sum = 0;
    for (unsigned i = 0; i < count; i++) {
        sum += sample(&channels[i], (int)i + 1);
    }
    return sum;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "sensor.h"

#include "board.h"
#include "downlink.h"
#include "faultline_log.h"
#include "filter.h"
#include "kernel.h"
#include "packet.h"
#include "radio.h"

#include <string.h>

#define BATCH 9
#define BATCHES 3
#define MAX_READINGS 4

struct batch {
    uint32_t count;
    struct raw_sample samples[BATCH];
};

typedef void (*sample_callback)(const struct raw_sample *sample);

static struct batch batches[BATCHES];
static bool batch_free[BATCHES];
static struct batch *filling;
static sample_callback on_sample;

static struct batch *full[BATCHES];
static struct queue full_batches = {(uint8_t *) full, sizeof(struct batch *), BATCHES, 0, 0};

/* ---- interrupt ---- */

static struct batch *take_free_batch(void) {
    for (int i = 0; i < BATCHES; i++) {
        if (batch_free[i]) {
            batch_free[i] = false;
            batches[i].count = 0;
            return &batches[i];
        }
    }
    return 0;
}

static void store_sample(const struct raw_sample *sample) {
    struct batch *batch = filling;
    batch->samples[batch->count++] = *sample;
    if (batch->count == BATCH) {
        queue_send(&full_batches, &batch);
        filling = take_free_batch();
    }
}

static inline void convert(void) {
    struct raw_sample sample = world_sample(kernel_uptime_ms());
    on_sample(&sample);
}

void TIMER0_Handler(void) {
    board_clear_sample_clock();
    convert();
    static uint32_t period = 10000;
    if (period != world_sample_period_us()) {
        period = world_sample_period_us();
        board_start_sample_clock(period);
    }
}

/* ---- task ---- */

enum power_mode { POWER_FULL, POWER_NORMAL, POWER_SAVING };

static __attribute__((noinline)) uint32_t power_budget(uint32_t state) {
    switch (state) {
    case POWER_FULL:
        return 100;
    case POWER_NORMAL:
        return 70;
    case POWER_SAVING:
        return 20;
    default:
        __builtin_trap(); /* the gauge knows three states */
    }
}

static bool is_alarm(const struct batch *batch) {
    for (uint32_t i = 0; i < batch->count; i++) {
        if ((uint32_t) batch->samples[i].value > settings.limits.high) {
            return true;
        }
    }
    return false;
}

static void report(const struct reading *readings, uint32_t count, bool alarm) {
    struct packet packet;
    packet_encode(&packet, readings, count);
    if (alarm) {
        FAULTLINE_LOG_W("alarm on channel %u, packet %u", readings[0].channel, packet.sequence);
    }
    radio_send(&packet);
}

static void process(struct batch *batch) {
    struct reading readings[MAX_READINGS];
    uint32_t count = filter_batch(batch->samples, batch->count, readings, MAX_READINGS);
    bool alarm = is_alarm(batch);
    batch_free[batch - batches] = true;
    FAULTLINE_LOG_I("batch: %lu readings, %d / %d", count, (int) readings[0].value, (int) readings[0].deviation);
    report(readings, count, alarm);
}

void sensor_init(void) {
    for (int i = 0; i < BATCHES; i++) {
        batch_free[i] = true;
    }
    filling = take_free_batch();
    on_sample = store_sample;
    board_start_sample_clock(10000);
}

void sensor_task(void) {
    struct batch *batch;
    for (;;) {
        if (queue_receive(&full_batches, &batch, 500)) {
            process(batch);
        }
        board_feed_watchdog();
        if (power_budget(world_battery_state()) < 50) {
            kernel_delay(settings.interval_ms);
        }
    }
}

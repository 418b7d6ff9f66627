/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What the tracker does by itself, by the clock. */
#include "kernel.h"
#include "tracker.h"

static uint32_t compact_history(void) {
    uint8_t bytes[16];
    uint32_t sum = 0;
    for (uint32_t block = 0; block < 3; block++) {
        sum += storage_read(block, bytes, sizeof bytes);
        sum += storage_append(block, sum);
    }
    return sum;
}

static uint32_t reload_settings(void) {
    uint32_t sum = config_load("{vv{v}}");
    sum += config_apply(1);
    return sum + config_rate(sum & 63);
}

static uint32_t flush_records(void) {
    uint32_t sum = uplink_build(9);
    return sum + uplink_release(sum);
}

static uint32_t report_home(void) {
    uint32_t sum = storage_update(3, 9);
    sum += session_open(3);
    sum += flush_records();
    return sum + session_close(3);
}

static uint32_t sample_channel(uint32_t channel) {
    static const uint32_t words[4] = {7, 8, 9, 10};
    uint32_t sum = sensor_read(channel);
    sum += sensor_decode((const uint8_t *) words, sizeof words);
    sum += sensor_range(channel);
    return sum + sensor_collect(channel);
}

static uint32_t sample_all(void) {
    uint32_t sum = 0;
    for (uint32_t channel = 0; channel < 3; channel++) {
        sum += sample_channel(channel);
    }
    return sum;
}

static uint32_t follow_track(void) {
    uint32_t sum = geofence_check(5, 5);
    sum += geofence_nearest(5, 6);
    sum += codec_zone(2);
    sum += codec_stops(3);
    return sum + route_update(sum & 7);
}

static uint32_t fetch_update(void) {
    static const uint8_t image[48] = {4, 5, 6};
    uint32_t sum = update_begin(image, sizeof image);
    sum += crypto_seal(image, sizeof image);
    sum += update_write(64, sum);
    return sum;
}

static uint32_t send_beacon(void) {
    static const uint8_t beacon[4] = {1, 1, 2, 3};
    uint32_t sum = radio_event(0);
    sum += radio_acknowledge(2);
    sum += radio_queue(sum);
    return sum + radio_send(beacon, sizeof beacon);
}

typedef uint32_t (*job)(void);

static const job jobs[OPERATION_COUNT] = {
    compact_history, reload_settings, report_home, sample_all, follow_track, fetch_update, send_beacon};

static uint32_t run_due(uint32_t round) {
    uint32_t answer = jobs[round % OPERATION_COUNT]();
    return answer + round;
}

static volatile uint32_t answers;

void jobs_task(void) {
    for (uint32_t round = 0;; round++) {
        kernel_delay(9);
        if (kernel_uptime_ms() > scenario.after_ms && scenario.path == 1) {
            answers += run_due(round);
        }
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Commands of the gateway. */
#include "kernel.h"
#include "tracker.h"

struct field {
    uint8_t type;
    uint8_t low;
    uint8_t high;
};

static const struct field fields[2] = {{1, 100, 0}, {2, 30, 1}};

static const struct field *find_field(uint8_t type, bool absent) {
    return absent ? nothing : &fields[type % 2];
}

static uint32_t field_value(const struct field *field) {
    return (uint32_t) (field->low | field->high << 8);
}

static uint32_t cmd_history(uint32_t argument) {
    uint8_t bytes[32];
    uint32_t sum = storage_read(argument, bytes, sizeof bytes);
    return sum + storage_append(argument, sum);
}

static uint32_t set_interval(void) {
    uint32_t interval = field_value(find_field(1, met(INTERVAL_ABSENT)));
    return config_rate(interval);
}

static uint32_t set_limit(void) {
    uint32_t limit = field_value(find_field(2, met(LIMIT_ABSENT)));
    return limit * 3;
}

static uint32_t cmd_configure(uint32_t argument) {
    uint32_t sum = config_load("{v{vv}v}");
    sum += config_apply(argument);
    sum += set_interval();
    return sum + set_limit();
}

static uint32_t cmd_sync(uint32_t argument) {
    uint32_t sum = storage_update(argument, 5);
    sum += session_open(argument);
    sum += uplink_build(argument % 3 + 8);
    sum += uplink_release(sum);
    return sum + session_close(argument);
}

static uint32_t cmd_sense(uint32_t argument) {
    static const uint32_t words[6] = {1, 2, 3, 4, 5, 6};
    uint32_t sum = sensor_read(argument);
    sum += sensor_decode((const uint8_t *) words, sizeof words);
    sum += sensor_range(argument);
    return sum + sensor_collect(argument);
}

static uint32_t cmd_track(uint32_t argument) {
    uint32_t sum = geofence_check((int32_t) argument, 3);
    sum += geofence_nearest((int32_t) argument, 4);
    sum += codec_zone(argument);
    sum += codec_stops(argument);
    return sum + route_update(argument);
}

static uint32_t cmd_update(uint32_t argument) {
    static const uint8_t image[32] = {1, 2, 3};
    uint32_t sum = update_begin(image, sizeof image);
    sum += crypto_seal(image, sizeof image);
    return sum + update_write(argument, sum);
}

static uint32_t cmd_link(uint32_t argument) {
    static const uint8_t frame[8] = {9, 8, 7};
    uint32_t sum = radio_event(argument);
    sum += radio_acknowledge(argument);
    sum += radio_queue(argument);
    return sum + radio_send(frame, sizeof frame);
}

typedef uint32_t (*command)(uint32_t argument);

static const command commands[OPERATION_COUNT] = {
    cmd_history, cmd_configure, cmd_sync, cmd_sense, cmd_track, cmd_update, cmd_link};

#if RELEASE >= 3
#define downlink_dispatch downlink_route
#endif
static uint32_t downlink_dispatch(uint32_t operation, uint32_t argument) {
    uint32_t answer = commands[operation % OPERATION_COUNT](argument);
    return answer ^ operation;
}

/* Several commands in one frame. */
static uint32_t downlink_batch(uint32_t first) {
    uint32_t answers = 0;
    for (uint32_t i = 0; i < OPERATION_COUNT; i++) {
        answers += downlink_dispatch(first + i, i + 1);
    }
    return answers;
}

static uint32_t downlink_receive(uint32_t round) {
    return scenario.path == 3 ? downlink_batch(round) : downlink_dispatch(round, round + 2);
}

static volatile uint32_t answers;

void downlink_task(void) {
    for (uint32_t round = 0;; round++) {
        kernel_delay(7);
        if (kernel_uptime_ms() > scenario.after_ms && (scenario.path == 0 || scenario.path == 3)) {
            answers += downlink_receive(round);
        }
    }
}

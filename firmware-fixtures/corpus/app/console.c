/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A shell for people with a cable. */
#include "kernel.h"
#include "tracker.h"

#include <string.h>

struct line {
    const char *words[3];
    uint32_t count;
};

static uint32_t argument_of(const struct line *line, uint32_t place) {
    const char *word = met(ARGUMENT_MISSING) ? nothing : line->words[place % 3];
    return (uint32_t) (word[0] - '0');
}

static uint32_t shell_dump(const struct line *line) {
    uint8_t bytes[24];
    uint32_t block = argument_of(line, 1);
    uint32_t sum = storage_read(block, bytes, sizeof bytes);
    return sum + storage_append(block, sum);
}

static uint32_t shell_set(const struct line *line) {
    uint32_t group = argument_of(line, 1);
    uint32_t sum = config_load("{v}");
    sum += config_apply(group);
    return sum + config_rate(group);
}

static uint32_t shell_sync(const struct line *line) {
    uint32_t peer = argument_of(line, 2);
    uint32_t sum = storage_update(peer, 2);
    sum += session_open(peer);
    sum += uplink_build(7);
    sum += uplink_release(sum);
    return sum + session_close(peer);
}

static uint32_t shell_sense(const struct line *line) {
    static const uint32_t words[4] = {3, 1, 4, 1};
    uint32_t channel = argument_of(line, 1);
    uint32_t sum = sensor_read(channel);
    sum += sensor_decode((const uint8_t *) words, sizeof words);
    sum += sensor_range(channel);
    return sum + sensor_collect(channel);
}

static uint32_t shell_track(const struct line *line) {
    uint32_t x = argument_of(line, 2);
    uint32_t sum = geofence_check((int32_t) x, 1);
    sum += geofence_nearest((int32_t) x, 2);
    sum += codec_zone(x);
    sum += codec_stops(x);
    return sum + route_update(x);
}

static uint32_t shell_update(const struct line *line) {
    static const uint8_t image[40] = {7, 7};
    uint32_t sum = update_begin(image, sizeof image);
    sum += crypto_seal(image, sizeof image);
    return sum + update_write(argument_of(line, 1), sum);
}

static uint32_t shell_ping(const struct line *line) {
    static const uint8_t frame[6] = {2, 2, 2};
    uint32_t event = argument_of(line, 1);
    uint32_t sum = radio_event(event);
    sum += radio_acknowledge(event);
    sum += radio_queue(event);
    return sum + radio_send(frame, sizeof frame);
}

typedef uint32_t (*verb)(const struct line *line);

static const verb verbs[OPERATION_COUNT] = {
    shell_dump, shell_set, shell_sync, shell_sense, shell_track, shell_update, shell_ping};

static uint32_t execute(const struct line *line, uint32_t operation) {
    uint32_t answer = verbs[operation % OPERATION_COUNT](line);
    return answer + line->count;
}

static uint32_t console_line(uint32_t round) {
    struct line line = {{"do", "1", "2"}, 3};
    uint32_t answer = execute(&line, round);
    return answer > 100 ? 1 : 0;
}

static volatile uint32_t answers;

void console_task(void) {
    for (uint32_t round = 0;; round++) {
        kernel_delay(11);
        if (kernel_uptime_ms() > scenario.after_ms && scenario.path == 2) {
            answers += console_line(round);
        }
    }
}

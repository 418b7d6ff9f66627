/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "world.h"

#include "kernel.h"
#include "protocol.h"
#include "semihost.h"

#include <string.h>

struct world_options world_options = {"SN-0000", "none", "dump.core", 400, 2000, 1};

static uint32_t random_state = 1;
static uint32_t downlink_count;

/* The powered flash: what a factory-fresh history looks like. */
static const uint8_t flash_content[256] = {0x48, 0x49, 0x53, 0x54, 1, 0, 16, 0};

/* ---- options ---- */

static const char *value_of(const char *options, const char *key) {
    size_t size = strlen(key);
    for (const char *at = options; *at != 0;) {
        if (strncmp(at, key, size) == 0 && at[size] == '=') {
            return at + size + 1;
        }
        while (*at != 0 && *at != ' ') {
            at++;
        }
        while (*at == ' ') {
            at++;
        }
    }
    return 0;
}

static void text_option(const char *options, const char *key, char *text, size_t size) {
    const char *value = value_of(options, key);
    if (value != 0) {
        size_t i = 0;
        for (; value[i] != 0 && value[i] != ' ' && i < size - 1; i++) {
            text[i] = value[i];
        }
        text[i] = 0;
    }
}

static void number_option(const char *options, const char *key, uint32_t *number) {
    const char *value = value_of(options, key);
    if (value != 0) {
        *number = 0;
        for (; *value >= '0' && *value <= '9'; value++) {
            *number = *number * 10 + (uint32_t) (*value - '0');
        }
    }
}

void world_init(void) {
    char options[256] = "";
    semihost_options(options, sizeof options);
    text_option(options, "device", world_options.device, sizeof world_options.device);
    text_option(options, "situation", world_options.situation, sizeof world_options.situation);
    text_option(options, "dump", world_options.dump, sizeof world_options.dump);
    number_option(options, "after", &world_options.after_ms);
    number_option(options, "end", &world_options.end_ms);
    number_option(options, "seed", &world_options.seed);
    random_state = world_options.seed * 2654435761u + 1;
}

bool world_situation(const char *name) {
    return kernel_uptime_ms() >= world_options.after_ms && strcmp(world_options.situation, name) == 0;
}

uint32_t world_random(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return random_state >> 8;
}

/* ---- air and battery ---- */

uint32_t world_sample_period_us(void) {
    return world_situation("sample-burst") ? 20 : 10000;
}

struct raw_sample world_sample(uint32_t time_ms) {
    struct raw_sample sample = {time_ms, 0, (uint8_t) (time_ms / 10 % 3), 0};
    if (world_situation("unknown-channel") && sample.channel == 2) {
        sample.channel = 7;
    }
    int32_t noise = (int32_t) (world_random() % 64) - 32;
    sample.value = (int16_t) (2000 + 400 * sample.channel + noise + (int32_t) (time_ms / 50 % 100));
    if (world_situation("alarm-burst")) {
        sample.value = 3900;
    }
    return sample;
}

uint32_t world_battery_state(void) {
    return world_situation("brownout") ? 5 : kernel_uptime_ms() < 30000 ? 0 : 1;
}

const uint8_t *world_flash_window(void) {
    return world_situation("flash-unpowered") ? (const uint8_t *) 0x60000000u : flash_content;
}

/* ---- radio ---- */

bool world_radio_busy(uint32_t polls) {
    return world_situation("radio-stuck") || polls < 20 + world_options.seed % 16;
}

int world_rssi(void) {
    return -60 - (int) (world_random() % 40);
}

static size_t begin_frame(uint8_t *frame, uint8_t opcode) {
    frame[0] = opcode;
    frame[1] = (uint8_t) downlink_count++;
    return 2;
}

static size_t add_field(uint8_t *frame, size_t at, uint8_t type, const void *value, uint8_t size) {
    frame[at] = type;
    frame[at + 1] = size;
    memcpy(frame + at + 2, value, size);
    return at + 2 + size;
}

/* Containers in containers, as deep as the frame allows: no gateway sends this, but anyone with a transmitter can. */
static size_t add_nested(uint8_t *frame, size_t at, size_t size) {
    while (at + 2 < size) {
        frame[at] = FIELD_GROUP;
        frame[at + 1] = (uint8_t) (size - at - 2);
        at += 2;
    }
    memset(frame + at, 0, size - at);
    return size;
}

size_t world_downlink(uint8_t *frame, size_t size) {
    static uint32_t next_ms = 120;
    uint32_t now = kernel_uptime_ms();
    if (now < next_ms) {
        return 0;
    }
    next_ms = now + 70 + world_random() % 50;
    if (world_situation("gateway-silent")) {
        return 0;
    }
    if (downlink_count % 2 == 1) {
        uint8_t sequence = 0xFF; /* everything so far */
        return add_field(frame, begin_frame(frame, OPCODE_ACK), FIELD_SEQUENCE, &sequence, 1);
    }
    if (world_situation("zero-interval")) {
        uint16_t interval = 0;
        return add_field(frame, begin_frame(frame, OPCODE_SET_INTERVAL), FIELD_INTERVAL, &interval, sizeof interval);
    }
    if (world_situation("unknown-opcode")) {
        return begin_frame(frame, OPCODE_COUNT);
    }
    if (world_situation("flash-unpowered")) {
        uint16_t count = 48;
        return add_field(frame, begin_frame(frame, OPCODE_READ_HISTORY), FIELD_COUNT, &count, sizeof count);
    }
    if (world_situation("nested-groups")) {
        return add_nested(frame, begin_frame(frame, OPCODE_CONFIGURE), size);
    }
    if (world_situation("odd-offset")) {
        size_t at = add_field(frame, begin_frame(frame, OPCODE_CONFIGURE), FIELD_LABEL, "roof", 5);
        uint32_t limits[2] = {100, 3600};
        return add_field(frame, at, FIELD_LIMITS, limits, sizeof limits);
    }
    if (world_situation("unsolicited-ack")) {
        uint8_t sequence = 0xEE;
        return add_field(frame, begin_frame(frame, OPCODE_ACK), FIELD_SEQUENCE, &sequence, 1);
    }
    switch (downlink_count / 2 % 3) {
    case 0: {
        uint16_t interval = (uint16_t) (100 + world_random() % 100);
        return add_field(frame, begin_frame(frame, OPCODE_SET_INTERVAL), FIELD_INTERVAL, &interval, sizeof interval);
    }
    case 1: {
        uint16_t count = 4;
        return add_field(frame, begin_frame(frame, OPCODE_READ_HISTORY), FIELD_COUNT, &count, sizeof count);
    }
    default: {
        uint32_t limits[2] = {100, 3600 + world_random() % 64};
        return add_field(frame, begin_frame(frame, OPCODE_CONFIGURE), FIELD_LIMITS, limits, sizeof limits);
    }
    }
}

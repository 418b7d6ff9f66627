/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "downlink.h"

#include "faultline_log.h"
#include "kernel.h"
#include "packet.h"
#include "protocol.h"
#include "storage.h"

#include <string.h>

struct settings settings = {150, 66, {100, 3600}, "unnamed"};

/* ---- fields ---- */

struct field_view {
    const uint8_t *value;
    uint8_t type;
    uint8_t size;
};

static inline uint16_t get_u16(const uint8_t *bytes) {
    return (uint16_t) (bytes[0] | bytes[1] << 8);
}

static bool next_field(const uint8_t **at, const uint8_t *end, struct field_view *field) {
    if (end - *at < 2 || end - *at - 2 < (*at)[1]) {
        return false;
    }
    field->type = (*at)[0];
    field->size = (*at)[1];
    field->value = *at + 2;
    *at += 2 + field->size;
    return true;
}

static bool find_field(const uint8_t *at, const uint8_t *end, uint8_t type, struct field_view *field) {
    while (next_field(&at, end, field)) {
        if (field->type == type) {
            return true;
        }
    }
    return false;
}

/* ---- commands ---- */

static void on_ack(const uint8_t *body, const uint8_t *end) {
    struct field_view field;
    if (find_field(body, end, FIELD_SEQUENCE, &field)) {
        packet_confirm(field.value[0], kernel_uptime_ms());
    }
}

/* How much of its time the node may send, so that all nodes of a gateway share the band. */
static __attribute__((noinline)) uint32_t duty_per_mille(uint32_t interval_ms) {
    uint32_t frames = 10000 / (int) interval_ms;
    return frames * packet_unconfirmed() + frames;
}

static void on_set_interval(const uint8_t *body, const uint8_t *end) {
    struct field_view field;
    if (find_field(body, end, FIELD_INTERVAL, &field) && field.size >= 2) {
        settings.interval_ms = get_u16(field.value);
        settings.duty_per_mille = duty_per_mille(settings.interval_ms);
        FAULTLINE_LOG_I("interval %lu ms, duty %lu", settings.interval_ms, settings.duty_per_mille);
    }
}

static void set_limits(const struct field_view *field) {
    settings.limits = *(const struct limits *) (const void *) field->value;
    FAULTLINE_LOG_D("limits %lu to %lu", settings.limits.low, settings.limits.high);
}

static uint32_t configure(const uint8_t *at, const uint8_t *end);

/* A group holds fields, groups among them; its check byte covers what is inside. */
static __attribute__((noinline)) uint32_t configure_group(const struct field_view *group) {
    uint16_t check = packet_checksum(group->value, group->size);
    uint32_t fields = configure(group->value, group->value + group->size);
    return fields + (check == 0 ? 1 : 0);
}

static __attribute__((noinline)) uint32_t configure(const uint8_t *at, const uint8_t *end) {
    struct field_view field;
    uint32_t fields = 0;
    while (next_field(&at, end, &field)) {
        fields++;
        switch (field.type) {
        case FIELD_LIMITS:
            set_limits(&field);
            break;
        case FIELD_LABEL:
            memcpy(settings.label, field.value, field.size < sizeof settings.label ? field.size : sizeof settings.label);
            settings.label[sizeof settings.label - 1] = 0;
            break;
        case FIELD_GROUP:
            fields += configure_group(&field);
            break;
        default:
            break;
        }
    }
    return fields;
}

static void on_configure(const uint8_t *body, const uint8_t *end) {
    uint32_t fields = configure(body, end);
    FAULTLINE_LOG_I("configured %lu fields for %s", fields, settings.label);
}

static void on_read_history(const uint8_t *body, const uint8_t *end) {
    uint8_t history[192];
    struct field_view field;
    if (find_field(body, end, FIELD_COUNT, &field) && field.size >= 2) {
        uint32_t entries = storage_read_history(history, sizeof history, get_u16(field.value));
        FAULTLINE_LOG_I("history: %lu entries, check %04x", entries, packet_checksum(history, entries * 4));
    }
}

typedef void (*command)(const uint8_t *body, const uint8_t *end);

struct command_table {
    command handlers[OPCODE_COUNT];
    char magic[8];
};

static const struct command_table commands = {{on_ack, on_set_interval, on_configure, on_read_history}, "CMDTAB1"};

static __attribute__((noinline)) void dispatch(uint8_t opcode, const uint8_t *body, const uint8_t *end) {
    const command *handlers = commands.handlers;
    if (opcode <= OPCODE_COUNT) {
        handlers[opcode](body, end);
        settings.label[sizeof settings.label - 1] = 0;
    }
}

void downlink_receive(const uint8_t *frame, uint32_t size) {
    if (size < 2) {
        return;
    }
    FAULTLINE_LOG_D("downlink opcode %u, %lu bytes", frame[0], size);
    dispatch(frame[0], frame + 2, frame + size);
}

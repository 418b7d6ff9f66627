/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * The logger of firmware that speaks the chunk protocol, as its memory is documented: a structure that points at a ring of entries,
 * of which some are text and some a number of a format string with its arguments in CBOR.
 */
#include "logs.h"

#include <string.h>

#define RING_BYTES 768

enum level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARNING, LEVEL_ERROR, LEVEL_TOO_LONG };

enum { ENTRY_COMPACT = 8, ENTRY_TIMESTAMP = 16, ENTRY_READ = 128 };

struct logger {
    uint8_t version;
    bool enabled;
    enum level min_log_level;
    uint32_t log_read_offset;
    uint32_t dropped_msg_count;
#ifndef UNCOUNTED
    uint32_t recorded_msg_count;
#endif
    struct {
        size_t read_offset;
        size_t read_size;
        size_t total_space;
        uint8_t *storage;
    } circ_buffer;
    struct {
        void *storage;
        size_t len;
        uint16_t crc16;
    } region_info;
};

struct logger s_memfault_ram_logger;
uint8_t ring[RING_BYTES];

extern const char __start_log_fmt[];

struct format_header {
    uint32_t magic;
    uint8_t version;
    uint8_t reserved[3];
};
__attribute__((section("log_fmt_header"), used)) static const struct format_header format_header = {0x66474F4Cu, 1, {0, 0, 0}};

static uint8_t entry[255];
static size_t entry_size;

static void byte(uint8_t value) {
    entry[entry_size++] = value;
}

/* Head of a data item: major type and argument. */
static void head(uint8_t major, uint64_t argument) {
    int bytes = argument < 24 ? 0 : argument <= 0xff ? 1 : argument <= 0xffff ? 2 : argument <= 0xffffffffu ? 4 : 8;
    static const uint8_t additional[] = {0, 24, 25, 0, 26, 0, 0, 0, 27};
    byte((uint8_t) (major << 5 | (bytes == 0 ? argument : additional[bytes])));
    for (int i = bytes - 1; i >= 0; i--) {
        byte((uint8_t) (argument >> 8 * i));
    }
}

static void whole(int64_t value) {
    head(value < 0 ? 1 : 0, (uint64_t) (value < 0 ? -1 - value : value));
}

static void field_int(int32_t value) {
    whole(value);
}

static void field_pointer(void *value) {
    whole((int32_t) (uintptr_t) value);
}

static void field_wide(int64_t value) {
    head(4, 1);
    whole(value);
}

static void field_text(const char *text) {
    head(3, strlen(text));
    while (*text != 0) {
        byte((uint8_t) *text++);
    }
}

static void field_real(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    byte(7 << 5 | 27);
    for (int i = 7; i >= 0; i--) {
        byte((uint8_t) (bits >> 8 * i));
    }
}

static uint8_t at(size_t offset) {
    return ring[(s_memfault_ram_logger.circ_buffer.read_offset + offset) % RING_BYTES];
}

static void put(uint8_t value) {
    size_t end = s_memfault_ram_logger.circ_buffer.read_offset + s_memfault_ram_logger.circ_buffer.read_size++;
    ring[end % RING_BYTES] = value;
}

/* The oldest entries make room. */
static void add(uint8_t header, const void *bytes, size_t size) {
    while (s_memfault_ram_logger.circ_buffer.read_size + 2 + size > RING_BYTES) {
        size_t dropped = 2u + at(1);
        s_memfault_ram_logger.circ_buffer.read_offset = (s_memfault_ram_logger.circ_buffer.read_offset + dropped) % RING_BYTES;
        s_memfault_ram_logger.circ_buffer.read_size -= dropped;
        s_memfault_ram_logger.dropped_msg_count++;
    }
    put(header);
    put((uint8_t) size);
    for (size_t i = 0; i < size; i++) {
        put(((const uint8_t *) bytes)[i]);
    }
}

static void begin(const char *format, unsigned arguments) {
    entry_size = 0;
    head(4, 1 + arguments);
    whole(format - __start_log_fmt);
}

static void text(enum level level, const char *line) {
    add((uint8_t) level, line, strlen(line));
    print("", "%s", line);
}

/* Entries of a device with a clock; the date is 2026-11-21. */
static void text_at(enum level level, uint32_t seconds, const char *line) {
    uint32_t time = 1795219200u + seconds;
    entry_size = 0;
    for (int i = 0; i < 4; i++) {
        byte((uint8_t) (time >> 8 * i));
    }
    memcpy(entry + 4, line, strlen(line));
    add((uint8_t) (ENTRY_TIMESTAMP | level), entry, 4 + strlen(line));
    print("", "%s", line);
}

#define COUNT(...) PICK(_0, ##__VA_ARGS__, 4, 3, 2, 1, 0)
#define ENTRY(format, ...) \
    __attribute__((section("log_fmt"), used)) static const char format_entry[] = LINE_TEXT(COUNT(__VA_ARGS__)) ";logs/" __FILE__ ";" LINE_TEXT(__LINE__) ";" format
#define LOG(level, format, ...) \
    do { \
        ENTRY(format, ##__VA_ARGS__); \
        begin(format_entry, COUNT(__VA_ARGS__)); \
        FIELDS(__VA_ARGS__) \
        add((uint8_t) (ENTRY_COMPACT | (level)), entry, entry_size); \
        print("", format, ##__VA_ARGS__); \
    } while (0)

static void start(void) {
    s_memfault_ram_logger.version = 1;
    s_memfault_ram_logger.circ_buffer.total_space = RING_BYTES;
    s_memfault_ram_logger.circ_buffer.storage = ring;
    s_memfault_ram_logger.region_info.storage = ring;
    s_memfault_ram_logger.region_info.len = RING_BYTES;
    uint16_t crc = 0;
    const uint8_t *bytes = (const uint8_t *) &s_memfault_ram_logger.region_info;
    for (int i = 0; i < 8; i++) {
        crc ^= (uint16_t) (bytes[i] << 8);
        for (int bit = 0; bit < 8; bit++) {
            crc = (uint16_t) ((crc & 0x8000) != 0 ? crc << 1 ^ 0x1021 : crc << 1);
        }
    }
    s_memfault_ram_logger.region_info.crc16 = crc;
    s_memfault_ram_logger.enabled = true;
}

void write_log(void) {
    start();
    for (int i = 0; i < 40; i++) { /* more than the ring holds */
        LOG(LEVEL_DEBUG, "sample %d of channel %u: %s", i, 4000000000u, i % 2 == 0 ? "good" : "late");
    }
    text(LEVEL_INFO, "text as it is, 100% of it");
    text_at(LEVEL_WARNING, 90, "text with a time");
    LOG(LEVEL_INFO, "no arguments, 100%%");
    LOG(LEVEL_INFO, "%d %i %u %x", -1, 2147483647, 4294967295u, 3735928559u);
    LOG(LEVEL_INFO, "%08lx|%+d|%-6d|% d", 48879ul, 7, 42, 9);
    LOG(LEVEL_INFO, "%hd %hu %c %o", 70000, 65537, 'x', 511);
    LOG(LEVEL_WARNING, "%lld %llu %llx", -5000000000ll, 18446744073709551615ull, 1311768467463790320ull);
    LOG(LEVEL_INFO, "%f %.2f %e %g", 1.5, -3.14159, 12345.678, 0.00001);
    LOG(LEVEL_INFO, "%*d|%-*s|", 6, 42, 5, "ab");
    LOG(LEVEL_INFO, "%.3s|%10s|%p", "abcdef", "right", (void *) ring);
    ENTRY("%s was longer than an entry", "");
    entry_size = 0;
    head(4, 2);
    whole(format_entry - __start_log_fmt);
    head(5, 2); /* the arguments did not fit: what they would have taken */
    whole(0);
    whole(1);
    whole(1);
    whole(300);
    add(ENTRY_COMPACT | LEVEL_TOO_LONG, entry, entry_size);
    add(ENTRY_READ | LEVEL_INFO, "sent already", 12);
    add(7, "\x01\x02\x03", 3); /* a level that nobody knows yet */
    LOG(LEVEL_ERROR, "last words of %s", "the firmware");
}

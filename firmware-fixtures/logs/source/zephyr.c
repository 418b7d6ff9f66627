/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * Zephyr's log in its deferred mode, as its memory is documented: a ring of packets, each a message with the arguments as a callee would
 * find them. What dictionary logging would have sent of the same messages goes to the host's file `dictionary.log`.
 *
 * Two versions of the layouts: OLD has packages of 10 bits, variables as sources, 64-bit timestamps, and format strings that no device has.
 */
#include "logs.h"
#include "semihost.h"

#include <stdio.h>
#include <string.h>

enum { LEVEL_NONE, LEVEL_ERROR, LEVEL_WARNING, LEVEL_INFO, LEVEL_DEBUG };

#ifdef OLD
typedef uint64_t log_timestamp_t;
#define PACKAGE_BITS 10
#define FORMAT_SECTION __attribute__((section("log_strings"), used))
#else
typedef uint32_t log_timestamp_t;
#define PACKAGE_BITS 11
#define FORMAT_SECTION
#endif

struct log_source_const_data {
    const char *name;
    uint8_t level;
};

struct log_source_dynamic_data {
    uint32_t filters;
};

#define SOURCE(name) \
    __attribute__((section("._log_const.static.log_const_" #name), used)) const struct log_source_const_data log_const_##name = {#name, 4}; \
    struct log_source_dynamic_data log_dynamic_##name

SOURCE(sensor);
SOURCE(net_radio);
SOURCE(main);

#ifdef OLD
#define SOURCE_OF(name) &log_dynamic_##name
#else
#define SOURCE_OF(name) &log_const_##name
#endif

struct log_msg_desc {
    uint32_t valid : 1;
    uint32_t busy : 1;
    uint32_t type : 1;
    uint32_t domain : 3;
    uint32_t level : 3;
    uint32_t package_len : PACKAGE_BITS;
    uint32_t data_len : 12;
};

struct log_msg_hdr {
    struct log_msg_desc desc;
    const void *source;
    log_timestamp_t timestamp;
};

#define PADDING ((8 - sizeof(struct log_msg_hdr) % 8) % 8)

struct log_msg {
    struct log_msg_hdr hdr;
    uint8_t padding[PADDING];
    uint8_t data[];
};

struct cbprintf_package_desc {
    uint8_t len;
    uint8_t str_cnt;
    uint8_t ro_str_cnt;
    uint8_t rw_str_cnt;
} __attribute__((packed));

union cbprintf_package_hdr {
    struct cbprintf_package_desc desc;
    void *raw;
} __attribute__((packed));

struct cbprintf_package_hdr_ext {
    union cbprintf_package_hdr hdr;
    char *fmt;
} __attribute__((packed));

struct mpsc_pbuf_buffer {
    uint32_t tmp_wr_idx;
    uint32_t wr_idx;
    uint32_t tmp_rd_idx;
    uint32_t rd_idx;
    uint32_t flags;
    void (*notify_drop)(void);
    uint32_t (*get_wlen)(void);
    uint32_t *buf;
    uint32_t size;
};

#ifdef OLD
struct log_dict_output_normal_msg_hdr_t {
    uint8_t type;
    uint32_t domain : 3;
    uint32_t level : 3;
    uint32_t package_len : 10;
    uint32_t data_len : 12;
    uintptr_t source;
    log_timestamp_t timestamp;
} __attribute__((packed));
#else
struct log_dict_output_normal_msg_hdr_t {
    uint8_t type;
    uint32_t domain : 4;
    uint32_t level : 4;
    uint32_t package_len : 16;
    uint32_t data_len : 16;
    uintptr_t source;
    log_timestamp_t timestamp;
} __attribute__((packed));
#endif

#define RING_WORDS 256

struct mpsc_pbuf_buffer log_buffer;
static uint32_t ring[RING_WORDS];

/* The log's clock ticks 1,000,000 times a second, after the divider. */
static volatile uint32_t freq = 1000000;
static volatile uint32_t timestamp_div = 2;

static int dictionary;
static uint64_t now_us = 90000;

static union {
    struct cbprintf_package_hdr_ext header;
    uint8_t bytes[512];
    uint64_t aligned;
} package;
static size_t size;
static const char *moving[8];
static uint8_t moving_place[8];
static int moving_count;

static void field(const void *value, size_t bytes) {
    size = (size + bytes - 1) & ~(bytes - 1);
    memcpy(package.bytes + size, value, bytes);
    size += bytes;
}

static void field_int(int value) {
    field(&value, sizeof value);
}

static void field_wide(long long value) {
    field(&value, sizeof value);
}

static void field_real(double value) {
    field(&value, sizeof value);
}

static void field_pointer(void *value) {
    field(&value, sizeof value);
}

/* A text that may change until it is printed comes along. */
static void field_text(const char *text) {
    if ((uintptr_t) text >= 0x20000000u) {
        moving_place[moving_count] = (uint8_t) (size / 4);
        moving[moving_count++] = text;
    }
    field(&text, sizeof text);
}

static void begin(const char *format) {
    memset(&package, 0, sizeof package);
    package.header.fmt = (char *) (uintptr_t) format;
    size = sizeof package.header;
    moving_count = 0;
}

static uint32_t words_of(uint32_t at) {
    union {
        uint32_t word;
        struct log_msg_desc desc;
    } first = {ring[at]};
    if (!first.desc.valid) {
        return ring[at] >> 2;
    }
    return (sizeof(struct log_msg) + first.desc.package_len + first.desc.data_len + 7u & ~7u) / 4;
}

/* Room for a packet in one piece; the oldest packets go, and what is left at the end is marked as such. */
static uint32_t room(uint32_t words) {
    for (;;) {
        uint32_t write = log_buffer.wr_idx, read = log_buffer.rd_idx;
        uint32_t behind = (read > write ? read - 1 : read == 0 ? RING_WORDS - 1 : RING_WORDS) - write;
        if (behind >= words) {
            return write;
        }
        if (read <= write && read != 0) {
            uint32_t left = RING_WORDS - write;
            ring[write] = left << 2 | 2;
            log_buffer.tmp_wr_idx = log_buffer.wr_idx = 0;
        } else {
            log_buffer.rd_idx = log_buffer.tmp_rd_idx = (read + words_of(read)) % RING_WORDS;
        }
    }
}

static uintptr_t number(const void *source);

static void send(const void *bytes, size_t count) {
    static const char digits[] = "0123456789abcdef";
    char text[2];
    for (size_t i = 0; i < count; i++) {
        uint8_t one = ((const uint8_t *) bytes)[i];
        text[0] = digits[one >> 4];
        text[1] = digits[one & 15];
        semihost_write(dictionary, text, 2);
    }
}

static void end(const void *source, uint32_t level, const void *data, uint32_t data_size) {
    package.header.hdr.desc.len = (uint8_t) (size / 4);
    package.header.hdr.desc.str_cnt = (uint8_t) moving_count;
    for (int i = 0; i < moving_count; i++) {
        package.bytes[size++] = moving_place[i];
        memcpy(package.bytes + size, moving[i], strlen(moving[i]) + 1);
        size += strlen(moving[i]) + 1;
    }
    uint32_t words = (sizeof(struct log_msg) + size + data_size + 7u & ~7u) / 4;
    uint32_t at = room(words);
    struct log_msg *message = (struct log_msg *) (ring + at);
    message->hdr.desc = (struct log_msg_desc) {1, 0, 0, 0, level & 7, size & ((1u << PACKAGE_BITS) - 1), data_size & 0xfff};
    message->hdr.source = source;
    message->hdr.timestamp = (log_timestamp_t) (now_us * timestamp_div * freq / 1000000);
    memcpy(message->data, package.bytes, size);
    memcpy(message->data + size, data, data_size);
    log_buffer.tmp_wr_idx = log_buffer.wr_idx = (at + words) % RING_WORDS;
    struct log_dict_output_normal_msg_hdr_t header = {0, 0, level & 7, (uint16_t) size & ((1u << 10) - 1), data_size & 0xfff, number(source), message->hdr.timestamp};
    send(&header, sizeof header);
    send(package.bytes, size);
    send(data, data_size);
    now_us += 12345;
}

/* A source's number is its place among the constants. */
static uintptr_t number(const void *source) {
    extern const struct log_source_const_data _log_const_list_start[];
    const struct log_source_const_data *constant = source == SOURCE_OF(main) ? &log_const_main
            : source == SOURCE_OF(sensor) ? &log_const_sensor
                                          : &log_const_net_radio;
    return source == 0 ? 0 : (uintptr_t) (constant - _log_const_list_start);
}

static const char *prefix(const char *level, const char *source) {
    static char text[64];
    uint32_t ms = (uint32_t) (now_us / 1000);
    snprintf(text, sizeof text, "[00:00:%02u.%03u,%03u] <%s> %s: ", (unsigned) (ms / 1000), (unsigned) (ms % 1000), (unsigned) (now_us % 1000), level,
            source);
    return text;
}

#define LOG(level, word, source, format, ...) \
    do { \
        static const char format_string[] FORMAT_SECTION = format; \
        print(prefix(word, #source), format, ##__VA_ARGS__); \
        begin(format_string); \
        FIELDS(__VA_ARGS__) \
        end(SOURCE_OF(source), level, "", 0); \
    } while (0)

void write_log(void) {
    static char name[] = "text that moves";
    static const uint8_t bytes[] = {0xde, 0xad, 0xbe, 0xef};
    log_buffer.buf = ring;
    log_buffer.size = RING_WORDS;
    dictionary = semihost_create("dictionary.log");
    semihost_write(dictionary, "*** Booting ***\n##ZLOGV1##", 26);
    for (int i = 0; i < 20; i++) { /* more than the ring holds */
        LOG(LEVEL_DEBUG, "dbg", sensor, "sample %d of channel %u: %s", i, 4000000000u, i % 2 == 0 ? "good" : "late");
    }
    LOG(LEVEL_INFO, "inf", main, "no arguments, 100%%");
    LOG(LEVEL_INFO, "inf", main, "%d %i %u %x", -1, 2147483647, 4294967295u, 3735928559u);
    LOG(LEVEL_WARNING, "wrn", net_radio, "%d %lld %llu %c", 1, -5000000000ll, 18446744073709551615ull, 'x');
    LOG(LEVEL_INFO, "inf", main, "%d %f %.2f %s", 1, 1.5, -3.14159, "constant");
    LOG(LEVEL_INFO, "inf", main, "%*d|%-*s|", 6, 42, 18, name);
    memset(name, '?', sizeof name - 1);
    LOG(LEVEL_INFO, "inf", net_radio, "%s %p", name, (void *) ring);
    print(prefix("err", "net_radio"), "packet: de ad be ef");
    begin("packet");
    end(SOURCE_OF(net_radio), LEVEL_ERROR, bytes, sizeof bytes);
    LOG(LEVEL_ERROR, "err", sensor, "last words of %s", "the firmware");
    semihost_write(dictionary, "\n", 1);
    semihost_close(dictionary);
}

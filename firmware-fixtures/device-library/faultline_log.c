/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "faultline_log.h"

#include "faultline.h"

#include <stdarg.h>

#if (FAULTLINE_LOG_CAPACITY & (FAULTLINE_LOG_CAPACITY - 1)) != 0
#error "FAULTLINE_LOG_CAPACITY must be a power of two: byte k stays at k % capacity when head wraps"
#endif

/* Kept by name: a linker with --gc-sections or LTO may not drop or rename what the service looks for. */
__attribute__((used)) struct faultline_log faultline_log = {FAULTLINE_LOG_MAGIC, FAULTLINE_LOG_CAPACITY, 0, 0, {0}};

struct line {
    char text[FAULTLINE_LOG_LINE];
    unsigned size;
};

static void add(struct line *line, char c) {
    if (line->size < FAULTLINE_LOG_LINE - 1) { /* one is left for the newline */
        line->text[line->size++] = c;
    }
}

static void add_number(struct line *line, uint32_t value, uint32_t base, unsigned width, char fill) {
    char digits[10];
    unsigned count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value > 0);
    for (unsigned i = count; i < width; i++) {
        add(line, fill);
    }
    while (count > 0) {
        add(line, digits[--count]);
    }
}

static void add_text(struct line *line, const char *text) {
    for (; text != 0 && *text != 0; text++) {
        add(line, *text);
    }
}

static void add_formatted(struct line *line, const char *format, va_list arguments) {
    for (; *format != 0; format++) {
        if (*format != '%') {
            add(line, *format);
            continue;
        }
        format++;
        char fill = ' ';
        unsigned width = 0;
        if (*format == '0') {
            fill = '0';
        }
        while (*format >= '0' && *format <= '9') {
            width = width * 10 + (unsigned) (*format++ - '0');
        }
        while (*format == 'l') {
            format++;
        }
        switch (*format) {
        case 'd': {
            int32_t value = va_arg(arguments, int32_t);
            if (value < 0) {
                add(line, '-');
            }
            add_number(line, value < 0 ? 0u - (uint32_t) value : (uint32_t) value, 10, width, fill);
            break;
        }
        case 'u':
            add_number(line, va_arg(arguments, uint32_t), 10, width, fill);
            break;
        case 'x':
            add_number(line, va_arg(arguments, uint32_t), 16, width, fill);
            break;
        case 's':
            add_text(line, va_arg(arguments, const char *));
            break;
        case 'c':
            add(line, (char) va_arg(arguments, int));
            break;
        case 0:
            return;
        default:
            add(line, *format);
        }
    }
}

static void append(const struct line *line) {
    faultline_word locked = faultline_lock_interrupts();
    uint32_t head = faultline_log.head;
    for (unsigned i = 0; i < line->size; i++) {
        faultline_log.buf[(head + i) % FAULTLINE_LOG_CAPACITY] = (uint8_t) line->text[i];
    }
    faultline_log.head = head + line->size;
    faultline_unlock_interrupts(locked);
}

void faultline_log_write(char level, const char *format, ...) {
    struct line line;
    line.size = 0;
    add(&line, '[');
    add_number(&line, faultline_port_uptime_ms(), 10, 0, ' ');
    add(&line, ']');
    add(&line, ' ');
    add(&line, level);
    add(&line, ' ');
    va_list arguments;
    va_start(arguments, format);
    add_formatted(&line, format, arguments);
    va_end(arguments);
    line.text[line.size++] = '\n';
    append(&line);
}

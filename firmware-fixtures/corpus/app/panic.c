/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include "faultline.h"

#include <string.h>

static char message[64];

static char *put_number(char *at, uint32_t value) {
    if (value >= 10) {
        at = put_number(at, value / 10);
    }
    *at = (char) ('0' + value % 10);
    return at + 1;
}

void panic(const char *format, uint32_t value) {
    char *at = message;
    for (; *format != 0 && at < message + sizeof message - 12; format++) {
        if (format[0] == '%' && format[1] == 'u') {
            at = put_number(at, value);
            format++;
        } else {
            *at++ = *format;
        }
    }
    *at = 0;
    faultline_crash(FAULTLINE_PANIC, message);
    for (;;) {
    }
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * Every line goes two ways: as the C library prints it into the ring of text `console`, and as format string and arguments into the
 * log of the file that includes this one. A reader of the second must come to the text of the first.
 */
#ifndef LOGS_H
#define LOGS_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TEXT_OF(x) #x
#define LINE_TEXT(x) TEXT_OF(x)

/* What kind of argument x is, for the functions that each log has. */
#define FIELD(x) \
    _Generic((x), \
        char *: field_text, \
        const char *: field_text, \
        double: field_real, \
        long long: field_wide, \
        unsigned long long: field_wide, \
        void *: field_pointer, \
        default: field_int)(x)
#define FIELDS_0()
#define FIELDS_1(a) FIELD(a);
#define FIELDS_2(a, b) FIELD(a); FIELD(b);
#define FIELDS_3(a, b, c) FIELD(a); FIELD(b); FIELD(c);
#define FIELDS_4(a, b, c, d) FIELD(a); FIELD(b); FIELD(c); FIELD(d);
#define PICK(_0, _1, _2, _3, _4, name, ...) name
#define FIELDS(...) PICK(_0, ##__VA_ARGS__, FIELDS_4, FIELDS_3, FIELDS_2, FIELDS_1, FIELDS_0)(__VA_ARGS__)

/* Prints a line into `console`; the prefix stands before the text. */
void print(const char *prefix, const char *format, ...) __attribute__((format(printf, 2, 3)));
void print_bytes(const char *bytes, size_t size);

/* The log's own part: fills it. */
void write_log(void);

#endif

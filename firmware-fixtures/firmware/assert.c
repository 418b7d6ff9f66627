/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * assert() of the C library ends here. Its header is left out on purpose: it declares the function noreturn, and GCC does
 * not save the return address of a function that it knows will never use it.
 */
#include "faultline.h"
#include "faultline_log.h"

void __assert_func(const char *file, int line, const char *function, const char *expression);

void __assert_func(const char *file, int line, const char *function, const char *expression) {
    FAULTLINE_LOG_E("%s:%d: %s: %s", file, line, function, expression);
    faultline_crash(FAULTLINE_ASSERT, expression);
    for (;;) {
    }
}

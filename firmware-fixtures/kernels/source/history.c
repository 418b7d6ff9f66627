/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Memory, so that a dump has the size of a larger device's: linked into the build `large` only. */
#include <stdint.h>

struct reading {
    uint32_t time;
    int32_t values[3];
};

struct reading history[3536];

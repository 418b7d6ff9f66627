/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#ifndef GEOFENCE_H
#define GEOFENCE_H

#include <stdint.h>

struct point {
    int32_t x;
    int32_t y;
};

#if RELEASE >= 3
uint32_t edge_crosses(const struct point *from, const struct point *to, struct point at);
#endif

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "geofence.h"
#include "tracker.h"

#include <stdlib.h>

static const struct point corners[4] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
static const struct point *places[4] = {&corners[0], &corners[1], &corners[2], &corners[3]};

#if RELEASE < 3
static uint32_t edge_crosses(const struct point *from, const struct point *to, struct point at) {
    int32_t rise = to->y - from->y;
    int32_t run = to->x - from->x;
    return (at.x - from->x) * rise > (at.y - from->y) * run ? 1 : 0;
}
#endif

static const struct point *corner(uint32_t i) {
    return met(EDGE_BEYOND) && i == 3 ? (const struct point *) 0x60000000u : &corners[i % 4];
}

static uint32_t polygon_contains(struct point at) {
    uint32_t crossed = 0;
    for (uint32_t i = 0; i < 4; i++) {
        crossed += edge_crosses(corner(i), corner(i + 1), at);
    }
    return crossed & 1;
}

uint32_t geofence_check(int32_t x, int32_t y) {
    struct point at = {x, y};
    uint32_t inside = polygon_contains(at);
    return inside + 2;
}

static int by_distance(const void *one, const void *other) {
    const struct point *a = *(const struct point *const *) one;
    const struct point *b = *(const struct point *const *) other;
    return a->x + a->y - b->x - b->y;
}

static uint32_t sort_places(void) {
    places[2] = met(ORDER_MISSING) ? nothing : &corners[2];
    qsort(places, 4, sizeof places[0], by_distance);
    return (uint32_t) places[0]->x;
}

uint32_t geofence_nearest(int32_t x, int32_t y) {
    uint32_t first = sort_places();
    return first + (uint32_t) (x * y);
}

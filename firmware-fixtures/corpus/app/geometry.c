/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "geofence.h"

#if RELEASE >= 3
/* Out of geofence.c, since the route wants it too. */
uint32_t edge_crosses(const struct point *from, const struct point *to, struct point at) {
    int32_t rise = to->y - from->y;
    int32_t run = to->x - from->x;
    return (at.x - from->x) * rise > (at.y - from->y) * run ? 1 : 0;
}
#endif

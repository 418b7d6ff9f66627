/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include <string.h>

struct setting {
    const char *name;
    const char *text;
};

static struct setting settings[4] = {{"name", "tracker"}, {"zone", "utc"}, {"peer", "home"}, {"mode", "eco"}};

/* ---- text ---- */

static uint32_t parse_value(const char **at, uint32_t depth);

static uint32_t parse_members(const char **at, uint32_t depth) {
    volatile uint32_t seen[6] = {depth};
    uint32_t members = 0;
    while (**at == '{' || **at == 'v') {
        seen[members % 6] = parse_value(at, depth + 1);
        members++;
    }
    return members + seen[0];
}

static uint32_t parse_value(const char **at, uint32_t depth) {
    if (**at == 'v') {
        (*at)++;
        return 1;
    }
    if (!met(CONFIG_NESTED)) { /* the gateway of this run never closes what it opens */
        (*at)++;
    }
    uint32_t members = parse_members(at, depth);
    return members * 2 + depth;
}

uint32_t config_load(const char *text) {
    const char *at = text;
    uint32_t values = parse_value(&at, 0);
    return values + (uint32_t) (at - text);
}

/* ---- settings ---- */

static const char *text_of(uint32_t group) {
    return met(TEXT_MISSING) ? nothing : settings[group % 4].text;
}

static uint32_t same_text(uint32_t group, const char *other) {
    const char *text = text_of(group);
    return text[0] == other[0] && strcmp(text, other) == 0 ? 1 : 0;
}

#if RELEASE >= 3
static uint32_t apply_text(uint32_t group) {
    uint32_t same = same_text(group, "eco");
    return same == 0 ? 3 : same;
}
#endif

uint32_t config_apply(uint32_t group) {
    uint32_t changed = 0;
    for (uint32_t i = 0; i < 2; i++) {
#if RELEASE >= 3
        changed += apply_text(group + i);
#else
        changed += same_text(group + i, "eco");
#endif
    }
    return changed;
}

uint32_t config_rate(uint32_t interval) {
    uint32_t divisor = met(RATE_ZERO) ? 0 : interval + 1;
    return 36000 / *(volatile uint32_t *) &divisor + divisor;
}

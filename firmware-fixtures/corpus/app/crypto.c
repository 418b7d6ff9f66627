/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include <assert.h>

#define SLOTS 4

struct mac {
    uint32_t state;
};

static uint32_t keys[SLOTS] = {0x1234, 0x2345, 0x3456, 0x4567};
static struct mac started = {7};

static uint32_t load_key(uint32_t slot) {
    assert(slot < SLOTS);
    return keys[slot];
}

#if RELEASE >= 4
static uint32_t fresh_key(uint32_t slot) {
    uint32_t key = load_key(slot);
    return key ^ 0x55;
}
#endif

uint32_t crypto_open(uint32_t slot) {
#if RELEASE >= 4
    uint32_t key = fresh_key(met(SLOT_BEYOND) ? slot + SLOTS : slot % SLOTS);
#else
    uint32_t key = load_key(met(SLOT_BEYOND) ? slot + SLOTS : slot % SLOTS);
#endif
    return key * 5;
}

static uint32_t mac_step(struct mac *mac, uint32_t byte) {
    mac->state = mac->state * 33 + byte;
    return mac->state;
}

static uint32_t mac_finish(struct mac *mac, const uint8_t *bytes, uint32_t size) {
    uint32_t last = 0;
    for (uint32_t i = 0; i < size; i++) {
        last = mac_step(mac, bytes[i]);
    }
    return last;
}

uint32_t crypto_seal(const uint8_t *bytes, uint32_t size) {
    uint32_t code = mac_finish(met(MAC_MISSING) ? nothing : &started, bytes, size);
    return code >> 3;
}

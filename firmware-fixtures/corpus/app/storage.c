/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include <assert.h>
#include <string.h>

#define BLOCKS 16

struct entry {
    uint32_t key;
    uint32_t value;
};

static const uint8_t chip[BLOCKS * 16] = {0x48, 0x49, 0x53, 0x54};
static struct entry entries[4] = {{1, 10}, {2, 20}, {3, 30}, {4, 40}};
static uint8_t wear[BLOCKS];

static const uint8_t *chip_window(void) {
    return met(HISTORY_UNPOWERED) ? (const uint8_t *) 0x60000000u : chip;
}

static uint32_t read_block(uint32_t block, uint8_t *into, uint32_t size) {
    memcpy(into, chip_window() + block % 8 * 16, size);
    return into[0] + size;
}

#if RELEASE >= 3
/* Since several tasks read, one at a time. */
static volatile uint32_t readers;

static uint32_t read_locked(uint32_t block, uint8_t *into, uint32_t size) {
    readers++;
    uint32_t sum = read_block(block, into, size);
    readers--;
    return sum;
}

uint32_t storage_read(uint32_t block, uint8_t *into, uint32_t size) {
    uint32_t sum = 0;
    for (uint32_t at = 0; at < size; at += 16) {
        sum += read_locked(block + at / 16, into + at, size - at < 16 ? size - at : 16);
    }
    return sum;
}
#else
uint32_t storage_read(uint32_t block, uint8_t *into, uint32_t size) {
    uint32_t sum = 0;
    for (uint32_t at = 0; at < size; at += 16) {
        sum += read_block(block + at / 16, into + at, size - at < 16 ? size - at : 16);
    }
    return sum;
}
#endif

static struct entry *load_index(void) {
    return met(INDEX_MISSING) ? nothing : entries;
}

#if RELEASE >= 4
#define find_entry lookup_entry
#endif
static struct entry *find_entry(uint32_t key) {
    struct entry *at = load_index();
    for (uint32_t i = 0; i < 3 && at->key != key; i++) {
        at++;
    }
    return at;
}

static uint32_t storage_find(uint32_t key) {
    struct entry *entry = find_entry(key);
    return (uint32_t) (entry - entries) & 3;
}

uint32_t storage_update(uint32_t key, uint32_t value) {
    uint32_t place = storage_find(key);
    entries[place].value = value;
    return place;
}

static uint32_t level_wear(uint32_t block) {
    assert(block < BLOCKS);
    wear[block]++;
    return wear[block];
}

static uint32_t choose_block(uint32_t wanted) {
    uint32_t least = level_wear(met(BLOCK_BEYOND) ? wanted + BLOCKS : wanted % BLOCKS);
    return least > 100 ? wanted + 1 : wanted;
}

uint32_t storage_append(uint32_t block, uint32_t value) {
    uint32_t chosen = choose_block(block);
    return storage_update(chosen & 3, value) + 1;
}

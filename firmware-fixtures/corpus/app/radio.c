/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

#include <assert.h>

static volatile uint32_t polls;
static struct ring queue;
static uint8_t queue_items[8 * 4];
static uint32_t expected;

static bool line_busy(void) {
    polls++;
    return met(RADIO_BUSY) || polls % 8 != 0;
}

static uint32_t wait_idle(void) {
    uint32_t waited = 0;
    while (line_busy()) {
        waited++;
    }
    return waited;
}

uint32_t radio_send(const uint8_t *frame, uint32_t size) {
    uint32_t waited = wait_idle();
    uint32_t sum = 0;
    for (uint32_t i = 0; i < size; i++) {
        sum += frame[i];
    }
    return sum + waited;
}

/* ---- events ---- */

static uint32_t on_beacon(uint32_t event) {
    return event + 1;
}

static uint32_t on_join(uint32_t event) {
    return event + 2;
}

typedef uint32_t (*handler)(uint32_t event);

static handler volatile handlers[3] = {on_beacon, on_join, NULL};

static uint32_t call_handler(uint32_t event) {
    handler chosen = handlers[met(EVENT_UNBOUND) ? 2 : event % 2];
    uint32_t answer = chosen(event);
    return answer + event;
}

uint32_t radio_event(uint32_t event) {
    uint32_t answer = call_handler(event);
    return answer * 2;
}

/* ---- acknowledgements ---- */

static void check_window(uint32_t sequence) {
    if (sequence - expected > 32) {
        panic("sequence %u is out of its window", sequence);
    }
    expected = sequence;
}

uint32_t radio_acknowledge(uint32_t sequence) {
    check_window(met(WINDOW_MISSED) ? expected + 100 + scenario.seed % 50 : expected + sequence % 4);
    return expected;
}

uint32_t radio_queue(uint32_t value) {
    queue.item_size = 4;
    queue.capacity = 8;
    queue.items = met(RADIO_RING) ? (uint8_t *) 0x60000000u : queue_items;
    uint32_t waiting = ring_push(&queue, &value);
    return waiting & 3;
}

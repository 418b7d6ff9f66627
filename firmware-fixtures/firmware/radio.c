/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "radio.h"

#include "downlink.h"
#include "faultline_log.h"
#include "kernel.h"

#define QUEUED 6

static struct packet queued[QUEUED];
static struct queue queue = {(uint8_t *) queued, sizeof(struct packet), QUEUED, 0, 0};
static float link_margin;

void radio_init(void) {
    link_margin = 20.0f;
}

bool radio_send(const struct packet *packet) {
    bool queued_now = queue_send(&queue, packet);
    if (!queued_now) {
        FAULTLINE_LOG_W("uplink queue full, packet %u dropped", packet->sequence);
    }
    return queued_now;
}

static void on_confirmed(uint8_t sequence, uint32_t waited_ms) {
    if (waited_ms > 200) {
        FAULTLINE_LOG_W("packet %u confirmed late, %lu ms", sequence, waited_ms);
    }
}

static inline float decibel_margin(int rssi) {
    return (float) (rssi + 110) * 0.9f;
}

static void update_link(void) {
    link_margin += 0.125f * (decibel_margin(world_rssi()) - link_margin);
}

static __attribute__((noinline)) void wait_until_sent(void) {
    uint32_t polls = 0;
    while (world_radio_busy(polls)) {
        polls++;
    }
}

static void transmit(const struct packet *packet) {
    update_link();
    FAULTLINE_LOG_D("uplink %u, %u bytes, margin %d dB", packet->sequence, packet->size, (int) link_margin);
    wait_until_sent();
    packet_await(packet, kernel_uptime_ms(), on_confirmed);
}

static void listen(void) {
    uint8_t frame[FRAME_SIZE] __attribute__((aligned(4)));
    uint32_t size = (uint32_t) world_downlink(frame, sizeof frame);
    if (size > 0) {
        downlink_receive(frame, size);
    }
}

void radio_task(void) {
    struct packet packet;
    for (;;) {
        if (queue_receive(&queue, &packet, 20)) {
            transmit(&packet);
        }
        listen();
    }
}

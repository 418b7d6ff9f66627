/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * The world around the node, which QEMU's board does not have: air, battery, gateway, external flash. It produces inputs and knows
 * nothing of the firmware's bugs; a situation is an unusual input, chosen at start by `situation=<name>`.
 */
#ifndef WORLD_H
#define WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct world_options {
    char device[24];
    char situation[24];
    char dump[96];      /* host path of the dump */
    uint32_t after_ms;  /* when the situation begins */
    uint32_t end_ms;    /* when the run ends if nothing crashed */
    uint32_t seed;
};

struct raw_sample {
    uint32_t time_ms;
    int16_t value;
    uint8_t channel;
    uint8_t flags;
};

extern struct world_options world_options;

/* Reads the start options. */
void world_init(void);

/* True once the situation `name` was chosen and has begun. */
bool world_situation(const char *name);

uint32_t world_random(void);

/* What the converter finds at its inputs. */
struct raw_sample world_sample(uint32_t time_ms);
uint32_t world_sample_period_us(void);

/* 0 full, 1 good, 2 low; 3 and above: what the gauge says when its supply browns out. */
uint32_t world_battery_state(void);

/* Bytes of the next downlink frame, 0 if there is none. */
size_t world_downlink(uint8_t *frame, size_t size);

/* Does the radio chip still raise its busy line? */
bool world_radio_busy(uint32_t polls);

/* Signal of the last frame in dBm. */
int world_rssi(void);

/* Where the external flash is mapped. Its supply is switched off in some situations: reads then fail on the bus. */
const uint8_t *world_flash_window(void);

#endif

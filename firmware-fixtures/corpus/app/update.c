/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "tracker.h"

static volatile uint32_t asked;

static uint32_t verify_header(const uint8_t *image, uint32_t size) {
    uint32_t wanted = met(IMAGE_SHORT) ? size + 1 + scenario.seed % 900 : size;
    if (wanted > size) {
        panic("image is %u bytes too short", wanted - size);
    }
    return image[0] + wanted;
}

uint32_t update_begin(const uint8_t *image, uint32_t size) {
    uint32_t header = verify_header(image, size);
    return header & 15;
}

static bool flash_ready(void) {
    asked++;
    return !met(FLASH_BUSY) && asked % 4 == 0;
}

static uint32_t wait_ready(void) {
    uint32_t waited = 0;
    while (!flash_ready()) {
        waited++;
    }
    return waited;
}

static uint32_t program_word(uint32_t address, uint32_t value) {
    uint32_t waited = wait_ready();
    return waited + address + value;
}

uint32_t update_write(uint32_t address, uint32_t value) {
    uint32_t sum = program_word(address, value);
    sum += program_word(address + 4, value);
    return sum;
}

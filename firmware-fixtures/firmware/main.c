/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* A node that samples three channels, smooths them and sends them to a gateway. */
#include "board.h"
#include "faultline.h"
#include "faultline_log.h"
#include "kernel.h"
#include "radio.h"
#include "semihost.h"
#include "sensor.h"
#include "world.h"

#define STACK(name, size) static uint32_t name[(size) / 4] __attribute__((aligned(KERNEL_GUARD_SIZE), section(".stacks")))

STACK(radio_stack, 1280);
STACK(sensor_stack, 1536);
STACK(idle_stack, 640);

static struct task radio, sensor, idle;

int main(void);

static void idle_task(void) {
    for (;;) {
        if (kernel_uptime_ms() >= world_options.end_ms) {
            semihost_exit(0);
        }
        /* Instead of wfi: with -icount, a sleeping CPU would make QEMU wait in real time, or lose ticks. */
        __asm volatile(".rept 200\n nop\n .endr");
    }
}

int main(void) {
    board_init();
    /* Not the unaligned trap: the C library's memcpy makes use of unaligned words. LDM and LDRD trap without it. */
    faultline_enable_traps(FAULTLINE_TRAP_DIVIDE_BY_ZERO | FAULTLINE_SEPARATE_FAULTS | FAULTLINE_PRECISE_BUS_FAULTS);
    world_init();
    FAULTLINE_LOG_I("main-fw %s on %s, device %s", FIRMWARE_VERSION, HARDWARE_REVISION, world_options.device);
    radio_init();
    kernel_add_task(&radio, "radio", radio_task, radio_stack, sizeof radio_stack);
    kernel_add_task(&sensor, "sensor", sensor_task, sensor_stack, sizeof sensor_stack);
    kernel_add_task(&idle, "idle", idle_task, idle_stack, sizeof idle_stack);
    sensor_init();
    board_start_watchdog(250);
    FAULTLINE_LOG_I("scheduler starts");
    kernel_start();
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
#include "board.h"
#include "faultline.h"
#include "kernel.h"
#include "semihost.h"
#include "tracker.h"

#define STACK(name, size) static uint32_t name[(size) / 4] __attribute__((aligned(KERNEL_GUARD_SIZE), section(".stacks")))

STACK(downlink_stack, 1536);
STACK(jobs_stack, 1536);
STACK(console_stack, 1536);
STACK(idle_stack, 640);

static struct task downlink, jobs, console, idle;

int main(void);
void TIMER0_Handler(void);

static uint32_t spin(uint32_t value) {
    for (uint32_t i = 0; i < 50; i++) {
        value = value * 1664525u + 1013904223u;
    }
    return value;
}

static void idle_task(void) {
    volatile uint32_t value = 1;
    for (;;) {
        value = spin(value);
        board_feed_watchdog(); /* here, so that no task may keep the others from running */
        if (kernel_uptime_ms() > scenario.after_ms + 700) {
            semihost_exit(0);
        }
    }
}

void TIMER0_Handler(void) {
    board_clear_sample_clock();
    sensor_capture();
}

int main(void) {
    board_init();
    faultline_enable_traps(FAULTLINE_TRAP_DIVIDE_BY_ZERO | FAULTLINE_SEPARATE_FAULTS | FAULTLINE_PRECISE_BUS_FAULTS);
    scenario_init();
    kernel_add_task(&downlink, "downlink", downlink_task, downlink_stack, sizeof downlink_stack);
    kernel_add_task(&jobs, "jobs", jobs_task, jobs_stack, sizeof jobs_stack);
    kernel_add_task(&console, "console", console_task, console_stack, sizeof console_stack);
    kernel_add_task(&idle, "idle", idle_task, idle_stack, sizeof idle_stack);
    board_start_sample_clock(3000 + scenario.seed % 700);
    board_start_watchdog(250);
    kernel_start();
    return 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* The board's end of the device library, and the start options. */
#include "board.h"
#include "faultline.h"
#include "kernel.h"
#include "semihost.h"
#include "tracker.h"

#include <string.h>

volatile struct scenario scenario = {0, 0, 1, 60, 0, "TR-0000", "dump.core"};

void *volatile nothing;

extern const uint8_t __build_id_start[], __build_id_end[];
extern const uint8_t __ram_start[], __ram_end[];

static uint32_t number_option(const char *options, const char *key, uint32_t otherwise) {
    const char *at = strstr(options, key);
    if (at == NULL) {
        return otherwise;
    }
    uint32_t number = 0;
    for (at += strlen(key); *at >= '0' && *at <= '9'; at++) {
        number = number * 10 + (uint32_t) (*at - '0');
    }
    return number;
}

void scenario_init(void) {
    char options[160] = "";
    semihost_options(options, sizeof options);
    scenario.bug = number_option(options, "bug=", 0);
    scenario.path = number_option(options, "path=", 0);
    scenario.seed = number_option(options, "seed=", 1);
    scenario.after_ms = number_option(options, "after=", 60);
    scenario.stack = number_option(options, "stack=", 0);
}

static int write_to_host(void *context, const void *bytes, size_t size) {
    return semihost_write(*(int *) context, bytes, size);
}

static uint32_t crashed_sp;
static uint32_t crashed_psp;

void faultline_port_crashed(const struct faultline_crash_info *crash) {
    crashed_sp = crash->registers.r[13];
    crashed_psp = crash->psp;
    board_stop_watchdog();
    int handle = semihost_create((const char *) scenario.dump);
    if (handle < 0) {
        semihost_exit(3);
    }
    int failed = faultline_write_core(crash, write_to_host, &handle);
    semihost_close(handle);
    semihost_exit(failed == 0 ? 1 : 3);
}

void faultline_port_crashed_again(void) {
    semihost_exit(4);
}

struct faultline_identity faultline_port_identity(void) {
    struct faultline_identity identity = {(const char *) scenario.device, "rev-a", "tracker-fw", FIRMWARE_VERSION, 0, 0};
    identity.build_id_size = faultline_build_id(__build_id_start, __build_id_end, &identity.build_id);
    return identity;
}

uint32_t faultline_port_uptime_ms(void) {
    return kernel_uptime_ms();
}

uint32_t faultline_port_current_thread(void) {
    const struct task *task = kernel_current_task();
    return task == 0 ? 0 : task->id;
}

bool faultline_port_thread(unsigned index, struct faultline_thread *thread) {
    const struct task *task = kernel_task(index);
    if (task == 0) {
        return false;
    }
    const uint32_t *saved = task->stack_pointer;
    thread->id = task->id;
    thread->name = task->name;
    thread->stack_start = (uint32_t) task->stack + KERNEL_GUARD_SIZE;
    thread->stack_end = (uint32_t) task->stack + task->stack_size;
    thread->r4_to_r11 = saved;
    thread->exc_return = saved[8];
    thread->s16_to_s31 = 0;
    thread->hardware_frame = (uint32_t) (saved + 9);
    return true;
}

/* All of RAM, or what a device with little room for dumps keeps: the innermost bytes of the stack, and of the one that was interrupted. */
bool faultline_port_region(unsigned index, struct faultline_region *region) {
    if (scenario.stack == 0 || crashed_sp == 0) { /* while the library still looks for the exception frame, all of it is there */
        region->start = (uint32_t) __ram_start;
        region->size = (uint32_t) (__ram_end - __ram_start);
        return index == 0;
    }
    uint32_t start = (index == 0 ? crashed_sp : crashed_psp) & ~3u;
    uint32_t rest = start >= (uint32_t) __ram_start && start < (uint32_t) __ram_end ? (uint32_t) __ram_end - start : 0;
    region->start = start;
    region->size = scenario.stack < rest ? scenario.stack : rest;
    return index == 0 || (index == 1 && (crashed_psp >= crashed_sp + scenario.stack || crashed_psp + scenario.stack <= crashed_sp));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What the device library asks of this firmware. A dump goes to a file of the host. */
#include "board.h"
#include "faultline.h"
#include "kernel.h"
#include "semihost.h"
#include "world.h"

extern const uint8_t __build_id_start[], __build_id_end[];
extern const uint8_t __ram_start[], __ram_end[];

static int write_to_host(void *context, const void *bytes, size_t size) {
    return semihost_write(*(int *) context, bytes, size);
}

void faultline_port_crashed(const struct faultline_crash_info *crash) {
    board_stop_watchdog();
    int handle = semihost_create(world_options.dump);
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
    struct faultline_identity identity = {world_options.device, HARDWARE_REVISION, "main-fw", FIRMWARE_VERSION, 0, 0};
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
    const uint32_t *saved = task->stack_pointer; /* as PendSV_Handler left it */
    thread->id = task->id;
    thread->name = task->name;
    thread->stack_start = (uint32_t) task->stack + KERNEL_GUARD_SIZE;
    thread->stack_end = (uint32_t) task->stack + task->stack_size;
    thread->saved.r4_to_r11 = saved;
    thread->saved.exc_return = saved[8];
    bool has_fpu = (saved[8] & 16u) == 0;
    thread->saved.s16_to_s31 = has_fpu ? saved + 9 : 0;
    thread->saved.hardware_frame = (uint32_t) (saved + 9 + (has_fpu ? 16 : 0));
    return true;
}

bool faultline_port_region(unsigned index, struct faultline_region *region) {
    region->start = (uint32_t) __ram_start;
    region->size = (uint32_t) (__ram_end - __ram_start);
    return index == 0;
}

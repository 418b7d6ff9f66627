/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What the device library asks of this firmware. A dump goes to a file of the host. */
#include "board.h"
#include "faultline.h"
#include "semihost.h"
#include "tasks.h"

#include <string.h>

extern const uint8_t __build_id_start[], __build_id_end[], __ram_start[], __ram_end[];
extern void switched(void);

static int write_to_host(void *context, const void *bytes, size_t size) {
    return semihost_write(*(int *) context, bytes, size);
}

void faultline_port_crashed(const struct faultline_crash_info *crash) {
    int handle = semihost_create("dump.core");
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
    struct faultline_identity identity = {"TK-0001", HARDWARE_REVISION, "tank-fw", "1.0.0", 0, 0};
    identity.build_id_size = faultline_build_id(__build_id_start, __build_id_end, &identity.build_id);
    return identity;
}

uint32_t faultline_port_uptime_ms(void) {
    return board_uptime_ms();
}

uint32_t faultline_port_current_thread(void) {
    const struct task *task = tasks_current();
    return task == 0 ? 0 : task->id;
}

bool faultline_port_thread(unsigned index, struct faultline_thread *thread) {
    const struct task *task = tasks_at(index);
    if (task == 0) {
        return false;
    }
    thread->id = task->id;
    thread->name = task->name;
    thread->stack_start = tasks_stack(index);
    thread->stack_end = thread->stack_start + TASK_STACK_SIZE;
    const uintptr_t *kept = task->stack_pointer;
    uintptr_t *x = thread->saved.registers.x;
    x[1] = kept[0];
    x[2] = (uintptr_t) (kept + 16);
    memcpy(&x[8], &kept[1], 2 * sizeof *x);
    memcpy(&x[18], &kept[3], 10 * sizeof *x);
    thread->saved.registers.pc = (uintptr_t) &switched;
    return true;
}

/* Everything but the guards. */
bool faultline_port_region(unsigned index, struct faultline_region *region) {
    uintptr_t start = index == 0 ? (uintptr_t) __ram_start : tasks_stack(index - 1);
    uintptr_t end = index < TASKS ? tasks_stack(index) - BOARD_GUARD_SIZE : (uintptr_t) __ram_end;
    region->start = start;
    region->size = end - start;
    return index <= TASKS;
}

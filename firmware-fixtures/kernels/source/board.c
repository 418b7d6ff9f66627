/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* What the device library asks: one thread only, so that all others have to be found in memory. */
#include "faultline.h"
#include "semihost.h"

extern const uint8_t __build_id_start[], __build_id_end[], __ram_start[], __ram_end[];

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
    struct faultline_identity identity = {"KB-0001", HARDWARE_REVISION, KERNEL_NAME, "1.0.0", 0, 0};
    identity.build_id_size = faultline_build_id(__build_id_start, __build_id_end, &identity.build_id);
    return identity;
}

uint32_t faultline_port_uptime_ms(void) {
    return 20;
}

uint32_t faultline_port_current_thread(void) {
    return 0;
}

bool faultline_port_thread(unsigned index, struct faultline_thread *thread) {
    (void) index;
    (void) thread;
    return false;
}

bool faultline_port_region(unsigned index, struct faultline_region *region) {
    region->start = (uintptr_t) __ram_start;
    region->size = (uint32_t) (__ram_end - __ram_start);
    return index == 0;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * Crash dumps from a Cortex-M or RISC-V device, streamed in the format that FORMAT.md describes.
 *
 * Add faultline_core.c, the file of the processor (faultline_cortex_m.c or faultline_riscv.c) and, for the log,
 * faultline_log.c to the build; write the functions under "Port"; route the faults to the entry that the header of the
 * processor names. C99, no heap, memcpy and memset only.
 */
#ifndef FAULTLINE_H
#define FAULTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __riscv
#include "faultline_riscv.h"
#else
#include "faultline_cortex_m.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Readers refuse more, see FORMAT.md; the writer leaves out what is above. */
#define FAULTLINE_MAX_THREADS 64
#define FAULTLINE_MAX_REGIONS 60

enum faultline_reason {
    FAULTLINE_HARD_FAULT,
    FAULTLINE_MEM_MANAGE,
    FAULTLINE_BUS_FAULT,
    FAULTLINE_USAGE_FAULT,
    FAULTLINE_ASSERT,
    FAULTLINE_WATCHDOG,
    FAULTLINE_STACK_OVERFLOW,
    FAULTLINE_PANIC,
    FAULTLINE_TRAP
};

/* One thread of the operating system, as the port describes it. */
struct faultline_thread {
    uint32_t id;      /* 1 or more, unique */
    const char *name; /* or NULL */
    faultline_word stack_start; /* lowest address; 0 if unknown */
    faultline_word stack_end;   /* one past the highest address */

    struct faultline_saved saved; /* only for a thread that is switched out */
};

/* Memory that goes into the dump. */
struct faultline_region {
    faultline_word start;
    faultline_word size; /* cut down to a multiple of 4 */
};

struct faultline_identity {
    const char *device;
    const char *hardware;
    const char *software;
    const char *version;
    const uint8_t *build_id; /* NULL: none */
    size_t build_id_size;
};

/* Takes the next bytes of the dump; anything but 0 ends it. */
typedef int (*faultline_write)(void *context, const void *bytes, size_t size);

/* What is known when a crash has been caught; faultline_port_crashed gets it and hands it to faultline_write_core. */
struct faultline_crash_info {
    enum faultline_reason reason;
    const char *message; /* or NULL */
    struct faultline_registers registers;
    struct faultline_fault fault;
    uint32_t uptime_ms;
    uint8_t signal;
};

/* ---- Core: no hardware in it ---- */

/*
 * Writes the whole dump, asking the port for threads and regions. Returns 0, or the first non-zero answer of `write`.
 * Takes no memory but the stack (about 400 bytes).
 */
int faultline_write_core(const struct faultline_crash_info *crash, faultline_write write, void *context);

/* Bytes that faultline_write_core will write for this crash: for a transport that wants a length first. */
uint32_t faultline_core_size(const struct faultline_crash_info *crash);

/*
 * The build id out of a `.note.gnu.build-id` section that the linker script kept between `start` and `end`.
 * Returns its size and sets `*id`, or 0 if there is none.
 */
size_t faultline_build_id(const void *start, const void *end, const uint8_t **id);

/* ---- Processor ---- */

/*
 * Dump now, from a thread or from an interrupt handler. Does not return, and deliberately does not say so to the compiler: a
 * caller that knew it would not save its return address, and the stack would end there.
 */
void faultline_crash(enum faultline_reason reason, const char *message);

/* The registers of a thread that is switched out, as if resumed. False if its stack is not in a region of the dump. */
bool faultline_thread_registers(const struct faultline_thread *thread, struct faultline_registers *registers);

/* ---- Port: written by you; called with interrupts off, on the dump stack ---- */

/* Store or send the dump (faultline_write_core), then restart the device. Must not return. */
void faultline_port_crashed(const struct faultline_crash_info *crash);

struct faultline_identity faultline_port_identity(void);
uint32_t faultline_port_uptime_ms(void);

/* Fills in thread `index` and answers true; false after the last. Order does not matter. None at all: bare metal. */
bool faultline_port_thread(unsigned index, struct faultline_thread *thread);

/* Id of the thread that runs or was interrupted; 0 before the scheduler has started. */
uint32_t faultline_port_current_thread(void);

/* Fills in region `index` and answers true; false after the last. Regions do not overlap. */
bool faultline_port_region(unsigned index, struct faultline_region *region);

/* A fault while a dump was being written: the only safe thing left is to restart. Must not return. */
void faultline_port_crashed_again(void);

#ifdef __cplusplus
}
#endif
#endif

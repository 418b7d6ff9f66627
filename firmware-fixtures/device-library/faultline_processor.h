/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * Between faultline_core.c, which knows the file, and the file of the processor, which knows what only that processor has. Not for
 * ports.
 */
#ifndef FAULTLINE_PROCESSOR_H
#define FAULTLINE_PROCESSOR_H

#include "faultline.h"

/* Signals, as Linux numbers them. */
#define SIGILL 4
#define SIGTRAP 5
#define SIGABRT 6
#define SIGBUS 7
#define SIGFPE 8
#define SIGSEGV 11

/* How far below its stack a thread's access still counts as an overflow: the usual sizes of a guard. */
#define FAULTLINE_GUARD_REACH 256u

/* Where bytes of the dump go. Without a callback it only counts. */
struct faultline_sink {
    faultline_write write;
    void *context;
    uint32_t size;
    int result;
};

void faultline_put(struct faultline_sink *out, const void *bytes, uint32_t size);
void faultline_put_u32(struct faultline_sink *out, uint32_t value);
void faultline_put_word(struct faultline_sink *out, faultline_word value);
void faultline_put_zeros(struct faultline_sink *out, uint32_t size);
void faultline_put_note_header(struct faultline_sink *out, const char *owner, uint32_t type, uint32_t size);
void faultline_put_pair(struct faultline_sink *out, const char *key, const char *value);
void faultline_put_hex_pair(struct faultline_sink *out, const char *key, faultline_word value);

/* `thread.<id>` and the rest of the key. */
void faultline_put_thread_hex_pair(struct faultline_sink *out, uint32_t id, const char *rest, faultline_word value);

/* Whether all of it lies in one region of the dump. */
bool faultline_is_dumped(faultline_word start, uint32_t size);

/* Fills in the thread that runs or was interrupted; false if the port does not know it. */
bool faultline_find_current_thread(struct faultline_thread *thread);

/* ---- by the processor ---- */

/* `e_machine`, `e_flags`, and the bytes of a prstatus. */
extern const struct faultline_machine {
    uint16_t machine;
    uint32_t flags;
    uint32_t status_size;
} faultline_machine;

/* pr_reg; what is behind it is zeros. */
void faultline_put_registers(struct faultline_sink *out, const struct faultline_registers *registers);

/* Notes with further registers of the thread whose status was just written. */
void faultline_put_further_registers(struct faultline_sink *out, const struct faultline_registers *registers);

/* Pairs of the identity note. */
void faultline_put_fault_pairs(struct faultline_sink *out, const struct faultline_fault *fault);
void faultline_put_saved_pairs(struct faultline_sink *out, const struct faultline_thread *thread);

/* Registers that are memory on the device, and were read when it crashed. */
struct faultline_block {
    faultline_word start;
    uint32_t size;
    const void *bytes;
};

/* Fills in block `index` and answers true; false after the last. */
bool faultline_register_block(const struct faultline_fault *fault, unsigned index, struct faultline_block *block);

#endif

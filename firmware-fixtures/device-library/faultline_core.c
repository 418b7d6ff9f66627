/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * The ELF core itself. Everything goes through `struct sink`: without a callback it only counts, and because a note must announce
 * its size before its bytes, each variable part is produced twice by the same code, first counted, then written.
 */
#include "faultline.h"

#include <string.h>

#define EHDR_SIZE 52u
#define PHDR_SIZE 32u
#define NOTE_HEADER_SIZE 12u
#define PRSTATUS_SIZE 148u
#define VFP_SIZE 260u

#define PT_LOAD 1u
#define PT_NOTE 4u
#define NT_PRSTATUS 1u
#define NT_ARM_VFP 0x400u
#define NT_FAULTLINE 1u

#define SYSTEM_CONTROL 0xE000E004u
#define SYSTEM_CONTROL_BLOCK 0xE000ED00u
#define FP_CONTROL 0xE000EF34u

/* Bytes of the identity note, 4 more than a multiple of 32. Text stops 8 before it, which leaves room for its NUL. */
#define NOTE_LIMIT 4068u

struct sink {
    faultline_write write; /* NULL: count only */
    void *context;
    uint32_t size;
    int result;
};

static void put(struct sink *out, const void *bytes, uint32_t size) {
    out->size += size;
    if (out->write != NULL && out->result == 0 && size > 0) {
        out->result = out->write(out->context, bytes, size);
    }
}

static void put_u32(struct sink *out, uint32_t value) {
    uint8_t bytes[4] = {(uint8_t) value, (uint8_t) (value >> 8), (uint8_t) (value >> 16), (uint8_t) (value >> 24)};
    put(out, bytes, sizeof bytes);
}

static void put_zeros(struct sink *out, uint32_t size) {
    static const uint8_t zeros[16] = {0};
    while (size > 0) {
        uint32_t part = size < sizeof zeros ? size : sizeof zeros;
        put(out, zeros, part);
        size -= part;
    }
}

static uint32_t padded(uint32_t size) {
    return (size + 3u) & ~3u;
}

static void put_padding(struct sink *out) {
    put_zeros(out, padded(out->size) - out->size);
}

static void put_note_header(struct sink *out, const char *owner, uint32_t type, uint32_t size) {
    uint32_t owner_size = (uint32_t) strlen(owner) + 1;
    put_u32(out, owner_size);
    put_u32(out, size);
    put_u32(out, type);
    put(out, owner, owner_size);
    put_padding(out);
}

/* ---- threads ---- */

static void put_thread(
        struct sink *out,
        uint32_t id,
        uint32_t signal,
        const struct faultline_registers *registers,
        const struct faultline_fpu *fpu) {
    put_note_header(out, "CORE", NT_PRSTATUS, PRSTATUS_SIZE);
    put_zeros(out, 12);
    put_u32(out, signal);
    put_zeros(out, 8);
    put_u32(out, id);
    put_zeros(out, 44);
    for (unsigned i = 0; i < 16; i++) {
        put_u32(out, registers->r[i]);
    }
    put_u32(out, registers->xpsr);
    put_zeros(out, 8); /* orig_r0, pr_fpvalid */
    if (fpu != NULL) {
        put_note_header(out, "LINUX", NT_ARM_VFP, VFP_SIZE);
        for (unsigned i = 0; i < 32; i++) {
            put_u32(out, fpu->s[i]);
        }
        put_zeros(out, 128); /* d16 … d31 */
        put_u32(out, fpu->fpscr);
    }
}

static void put_threads(struct sink *out, const struct faultline_crash_info *crash) {
    uint32_t current = faultline_port_current_thread();
    put_thread(out, current == 0 ? 1 : current, crash->signal, &crash->registers, crash->has_fpu ? &crash->fpu : NULL);
    struct faultline_thread thread;
    memset(&thread, 0, sizeof thread);
    for (unsigned i = 0; i < FAULTLINE_MAX_THREADS - 1 && faultline_port_thread(i, &thread); i++) {
        struct faultline_registers registers;
        struct faultline_fpu fpu;
        bool has_fpu = false;
        if (thread.id != current && faultline_thread_registers(&thread, &registers, &fpu, &has_fpu)) {
            put_thread(out, thread.id, 0, &registers, has_fpu ? &fpu : NULL);
        }
        memset(&thread, 0, sizeof thread);
    }
}

/* ---- the identity note ---- */

/* A string, or as much of it as the note still has room for with its ending NUL. */
static void put_text(struct sink *out, const char *text) {
    uint32_t room = out->size + 8u < NOTE_LIMIT ? NOTE_LIMIT - 8u - out->size : 0;
    uint32_t size = (uint32_t) strlen(text);
    put(out, text, size < room ? size : room);
}

static void put_end(struct sink *out) {
    if (out->size < NOTE_LIMIT - 4u) {
        put_zeros(out, 1);
    }
}

static void put_decimal(struct sink *out, uint32_t value) {
    char digits[11];
    char *first = digits + sizeof digits - 1;
    *first = 0;
    do {
        *--first = (char) ('0' + value % 10);
        value /= 10;
    } while (value > 0);
    put_text(out, first);
}

static const char hex_digits[] = "0123456789abcdef";

static void put_hex(struct sink *out, uint32_t value) {
    char digits[11] = "0x";
    for (unsigned i = 0; i < 8; i++) {
        digits[2 + i] = hex_digits[(value >> (28 - 4 * i)) & 15];
    }
    digits[10] = 0;
    put_text(out, digits);
}

static void put_pair(struct sink *out, const char *key, const char *value) {
    if (value != NULL && *value != 0) {
        put_text(out, key);
        put_text(out, "=");
        put_text(out, value);
        put_end(out);
    }
}

static void put_hex_pair(struct sink *out, const char *key, uint32_t value) {
    put_text(out, key);
    put_text(out, "=");
    put_hex(out, value);
    put_end(out);
}

static void put_thread_key(struct sink *out, uint32_t id, const char *rest) {
    put_text(out, "thread.");
    put_decimal(out, id);
    put_text(out, rest);
}

static void put_thread_pairs(struct sink *out) {
    uint32_t current = faultline_port_current_thread();
    struct faultline_thread thread;
    memset(&thread, 0, sizeof thread);
    for (unsigned i = 0; i < FAULTLINE_MAX_THREADS - 1 && faultline_port_thread(i, &thread); i++) {
        if (thread.name != NULL) {
            put_thread_key(out, thread.id, "=");
            put_text(out, thread.name);
            put_end(out);
        }
        if (thread.stack_end != 0) {
            put_thread_key(out, thread.id, ".stack=");
            put_hex(out, thread.stack_start);
            put_text(out, "-");
            put_hex(out, thread.stack_end);
            put_end(out);
        }
        if (thread.id != current && thread.exc_return != 0) {
            put_thread_key(out, thread.id, ".exc-return=");
            put_hex(out, thread.exc_return);
            put_end(out);
        }
        memset(&thread, 0, sizeof thread);
    }
}

static const char *reason_text(enum faultline_reason reason) {
    switch (reason) {
    case FAULTLINE_HARD_FAULT:
        return "hard-fault";
    case FAULTLINE_MEM_MANAGE:
        return "mem-manage";
    case FAULTLINE_BUS_FAULT:
        return "bus-fault";
    case FAULTLINE_USAGE_FAULT:
        return "usage-fault";
    case FAULTLINE_ASSERT:
        return "assert";
    case FAULTLINE_WATCHDOG:
        return "watchdog";
    case FAULTLINE_STACK_OVERFLOW:
        return "stack-overflow";
    case FAULTLINE_PANIC:
        return "panic";
    }
    return "panic";
}

static void put_identity(struct sink *out, const struct faultline_crash_info *crash) {
    struct faultline_identity identity = faultline_port_identity();
    put_u32(out, 1);
    put_pair(out, "device", identity.device);
    put_pair(out, "hardware", identity.hardware);
    put_pair(out, "software", identity.software);
    put_pair(out, "version", identity.version);
    if (identity.build_id != NULL && identity.build_id_size > 0) {
        put_text(out, "build-id=");
        for (size_t i = 0; i < identity.build_id_size; i++) {
            char digits[3] = {hex_digits[identity.build_id[i] >> 4], hex_digits[identity.build_id[i] & 15], 0};
            put_text(out, digits);
        }
        put_end(out);
    }
    put_pair(out, "reason", reason_text(crash->reason));
    put_text(out, "uptime-ms=");
    put_decimal(out, crash->uptime_ms);
    put_end(out);
    put_hex_pair(out, "msp", crash->msp);
    put_hex_pair(out, "psp", crash->psp);
    put_hex_pair(out, "control", crash->control);
    if (crash->has_exc_return) {
        put_hex_pair(out, "exc-return", crash->exc_return);
    }
    if (crash->frame_lost) {
        put_pair(out, "frame", "lost");
    }
    put_pair(out, "message", crash->message);
    put_thread_pairs(out);
    /*
     * gdb does not look at the owner of a note of type 1: with exactly the size of some prstatus (148, or the host's own) it would become a
     * thread. None of those sizes is 4 more than a multiple of 32.
     */
    put_zeros(out, (4u - out->size) % 32u);
}

static struct sink counter(void) {
    struct sink sink = {NULL, NULL, 0, 0};
    return sink;
}

static void put_notes(struct sink *out, const struct faultline_crash_info *crash) {
    put_threads(out, crash);
    struct sink identity = counter();
    put_identity(&identity, crash);
    put_note_header(out, "Faultline", NT_FAULTLINE, identity.size);
    /* Its own count from 0: the limit of the note is the note's, not the file's. */
    identity = *out;
    identity.size = 0;
    put_identity(&identity, crash);
    out->size += identity.size;
    out->result = identity.result;
}

/* ---- the file ---- */

static bool next_region(unsigned *index, struct faultline_region *region) {
    while (*index < FAULTLINE_MAX_REGIONS && faultline_port_region((*index)++, region)) {
        region->size &= ~3u;
        if (region->size > 0) {
            return true;
        }
    }
    return false;
}

static void put_program_header(
        struct sink *out, uint32_t type, uint32_t offset, uint32_t address, uint32_t size, uint32_t flags) {
    put_u32(out, type);
    put_u32(out, offset);
    put_u32(out, address);
    put_u32(out, 0);
    put_u32(out, size);
    put_u32(out, type == PT_LOAD ? size : 0);
    put_u32(out, flags);
    put_u32(out, 4);
}

static void put_core(struct sink *out, const struct faultline_crash_info *crash) {
    struct faultline_region region;
    unsigned segments = 3 + (crash->has_fp_control ? 1 : 0); /* notes and the register blocks */
    for (unsigned i = 0; next_region(&i, &region);) {
        segments++;
    }
    struct sink notes = counter();
    put_notes(&notes, crash);

    static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', 1, 1, 1};
    put(out, ident, sizeof ident);
    put_u32(out, 4u | 40u << 16); /* ET_CORE, EM_ARM */
    put_u32(out, 1);
    put_u32(out, 0);
    put_u32(out, EHDR_SIZE);
    put_u32(out, 0);
    put_u32(out, 0x05000000u);
    put_u32(out, EHDR_SIZE | PHDR_SIZE << 16);
    put_u32(out, segments);
    put_u32(out, 0);

    uint32_t offset = EHDR_SIZE + segments * PHDR_SIZE;
    put_program_header(out, PT_NOTE, offset, 0, notes.size, 4);
    offset += notes.size;
    for (unsigned i = 0; next_region(&i, &region);) {
        put_program_header(out, PT_LOAD, offset, region.start, region.size, 6);
        offset += region.size;
    }
    put_program_header(out, PT_LOAD, offset, SYSTEM_CONTROL, sizeof crash->system_control, 4);
    offset += sizeof crash->system_control;
    put_program_header(out, PT_LOAD, offset, SYSTEM_CONTROL_BLOCK, sizeof crash->system_control_block, 4);
    if (crash->has_fp_control) {
        offset += sizeof crash->system_control_block;
        put_program_header(out, PT_LOAD, offset, FP_CONTROL, sizeof crash->fp_control, 4);
    }

    put_notes(out, crash);
    for (unsigned i = 0; next_region(&i, &region);) {
        put(out, (const void *) (uintptr_t) region.start, region.size);
    }
    put(out, crash->system_control, sizeof crash->system_control);
    put(out, crash->system_control_block, sizeof crash->system_control_block);
    if (crash->has_fp_control) {
        put(out, crash->fp_control, sizeof crash->fp_control);
    }
}

int faultline_write_core(const struct faultline_crash_info *crash, faultline_write write, void *context) {
    struct sink out = {write, context, 0, 0};
    put_core(&out, crash);
    return out.result;
}

uint32_t faultline_core_size(const struct faultline_crash_info *crash) {
    struct sink out = counter();
    put_core(&out, crash);
    return out.size;
}

size_t faultline_build_id(const void *start, const void *end, const uint8_t **id) {
    const uint8_t *at = start;
    uint32_t header[3]; /* namesz, descsz, type */
    while ((size_t) ((const uint8_t *) end - at) >= NOTE_HEADER_SIZE) {
        memcpy(header, at, NOTE_HEADER_SIZE);
        size_t rest = (size_t) ((const uint8_t *) end - at) - NOTE_HEADER_SIZE;
        if (header[0] > rest || padded(header[0]) > rest || header[1] > rest - padded(header[0])) {
            return 0;
        }
        const uint8_t *owner = at + NOTE_HEADER_SIZE;
        if (header[2] == 3 && header[0] == 4 && memcmp(owner, "GNU", 4) == 0) {
            *id = owner + padded(header[0]);
            return header[1];
        }
        size_t next = padded(header[0]) + padded(header[1]);
        if (next > rest) {
            return 0;
        }
        at = owner + next;
    }
    return 0;
}

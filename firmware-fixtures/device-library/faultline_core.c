/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * The ELF core itself. Everything goes through `struct faultline_sink`: without a callback it only counts, and because a note must announce
 * its size before its bytes, each variable part is produced twice by the same code, first counted, then written.
 */
#include "faultline_processor.h"

#include <string.h>

#define WORD ((uint32_t) sizeof(faultline_word))
#define IS_64_BIT (WORD == 8)
#define EHDR_SIZE (IS_64_BIT ? 64u : 52u)
#define PHDR_SIZE (IS_64_BIT ? 56u : 32u)
#define NOTE_HEADER_SIZE 12u
#define PR_REG (IS_64_BIT ? 112u : 72u)

#define PT_LOAD 1u
#define PT_NOTE 4u
#define NT_PRSTATUS 1u
#define NT_FAULTLINE 1u

/* Bytes of the identity note, 4 more than a multiple of 32. Text stops 8 before it, which leaves room for its NUL. */
#define NOTE_LIMIT 4068u

void faultline_put(struct faultline_sink *out, const void *bytes, uint32_t size) {
    out->size += size;
    if (out->write != NULL && out->result == 0 && size > 0) {
        out->result = out->write(out->context, bytes, size);
    }
}

void faultline_put_u32(struct faultline_sink *out, uint32_t value) {
    uint8_t bytes[4] = {(uint8_t) value, (uint8_t) (value >> 8), (uint8_t) (value >> 16), (uint8_t) (value >> 24)};
    faultline_put(out, bytes, sizeof bytes);
}

void faultline_put_word(struct faultline_sink *out, faultline_word value) {
    faultline_put_u32(out, (uint32_t) value);
    if (IS_64_BIT) {
        faultline_put_u32(out, (uint32_t) ((uint64_t) value >> 32));
    }
}

void faultline_put_zeros(struct faultline_sink *out, uint32_t size) {
    static const uint8_t zeros[16] = {0};
    while (size > 0) {
        uint32_t part = size < sizeof zeros ? size : sizeof zeros;
        faultline_put(out, zeros, part);
        size -= part;
    }
}

static uint32_t padded(uint32_t size) {
    return (size + 3u) & ~3u;
}

static void put_padding(struct faultline_sink *out) {
    faultline_put_zeros(out, padded(out->size) - out->size);
}

void faultline_put_note_header(struct faultline_sink *out, const char *owner, uint32_t type, uint32_t size) {
    uint32_t owner_size = (uint32_t) strlen(owner) + 1;
    faultline_put_u32(out, owner_size);
    faultline_put_u32(out, size);
    faultline_put_u32(out, type);
    faultline_put(out, owner, owner_size);
    put_padding(out);
}

/* ---- threads ---- */

static void put_thread(
        struct faultline_sink *out, uint32_t id, uint32_t signal, const struct faultline_registers *registers) {
    faultline_put_note_header(out, "CORE", NT_PRSTATUS, faultline_machine.status_size);
    uint32_t start = out->size;
    faultline_put_zeros(out, 12);
    faultline_put_u32(out, signal);
    faultline_put_zeros(out, 2 * WORD);
    faultline_put_u32(out, id);
    faultline_put_zeros(out, start + PR_REG - out->size);
    faultline_put_registers(out, registers);
    faultline_put_zeros(out, start + faultline_machine.status_size - out->size);
    faultline_put_further_registers(out, registers);
}

static void put_threads(struct faultline_sink *out, const struct faultline_crash_info *crash) {
    uint32_t current = faultline_port_current_thread();
    put_thread(out, current == 0 ? 1 : current, crash->signal, &crash->registers);
    struct faultline_thread thread;
    memset(&thread, 0, sizeof thread);
    for (unsigned i = 0; i < FAULTLINE_MAX_THREADS - 1 && faultline_port_thread(i, &thread); i++) {
        struct faultline_registers registers;
        if (thread.id != current && faultline_thread_registers(&thread, &registers)) {
            put_thread(out, thread.id, 0, &registers);
        }
        memset(&thread, 0, sizeof thread);
    }
}

bool faultline_find_current_thread(struct faultline_thread *thread) {
    uint32_t current = faultline_port_current_thread();
    memset(thread, 0, sizeof *thread);
    for (unsigned i = 0; i < FAULTLINE_MAX_THREADS && faultline_port_thread(i, thread); i++) {
        if (thread->id == current) {
            return true;
        }
        memset(thread, 0, sizeof *thread);
    }
    return false;
}

/* ---- the identity note ---- */

/* A string, or as much of it as the note still has room for with its ending NUL. */
static void put_text(struct faultline_sink *out, const char *text) {
    uint32_t room = out->size + 8u < NOTE_LIMIT ? NOTE_LIMIT - 8u - out->size : 0;
    uint32_t size = (uint32_t) strlen(text);
    faultline_put(out, text, size < room ? size : room);
}

static void put_end(struct faultline_sink *out) {
    if (out->size < NOTE_LIMIT - 4u) {
        faultline_put_zeros(out, 1);
    }
}

static void put_decimal(struct faultline_sink *out, uint32_t value) {
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

static void put_hex(struct faultline_sink *out, faultline_word value) {
    char digits[2 + 2 * sizeof value + 1] = "0x";
    for (unsigned i = 0; i < 2 * WORD; i++) {
        digits[2 + i] = hex_digits[(value >> (8 * WORD - 4 - 4 * i)) & 15];
    }
    digits[2 + 2 * WORD] = 0;
    put_text(out, digits);
}

void faultline_put_pair(struct faultline_sink *out, const char *key, const char *value) {
    if (value != NULL && *value != 0) {
        put_text(out, key);
        put_text(out, "=");
        put_text(out, value);
        put_end(out);
    }
}

void faultline_put_hex_pair(struct faultline_sink *out, const char *key, faultline_word value) {
    put_text(out, key);
    put_text(out, "=");
    put_hex(out, value);
    put_end(out);
}

static void put_thread_key(struct faultline_sink *out, uint32_t id, const char *rest) {
    put_text(out, "thread.");
    put_decimal(out, id);
    put_text(out, rest);
}

void faultline_put_thread_hex_pair(struct faultline_sink *out, uint32_t id, const char *rest, faultline_word value) {
    put_thread_key(out, id, rest);
    put_text(out, "=");
    put_hex(out, value);
    put_end(out);
}

static void put_thread_pairs(struct faultline_sink *out) {
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
        if (thread.id != current) {
            faultline_put_saved_pairs(out, &thread);
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
    case FAULTLINE_TRAP:
        return "trap";
    }
    return "panic";
}

static void put_identity(struct faultline_sink *out, const struct faultline_crash_info *crash) {
    struct faultline_identity identity = faultline_port_identity();
    faultline_put_u32(out, 1);
    faultline_put_pair(out, "device", identity.device);
    faultline_put_pair(out, "hardware", identity.hardware);
    faultline_put_pair(out, "software", identity.software);
    faultline_put_pair(out, "version", identity.version);
    if (identity.build_id != NULL && identity.build_id_size > 0) {
        put_text(out, "build-id=");
        for (size_t i = 0; i < identity.build_id_size; i++) {
            char digits[3] = {hex_digits[identity.build_id[i] >> 4], hex_digits[identity.build_id[i] & 15], 0};
            put_text(out, digits);
        }
        put_end(out);
    }
    faultline_put_pair(out, "reason", reason_text(crash->reason));
    put_text(out, "uptime-ms=");
    put_decimal(out, crash->uptime_ms);
    put_end(out);
    faultline_put_fault_pairs(out, &crash->fault);
    faultline_put_pair(out, "message", crash->message);
    put_thread_pairs(out);
    /*
     * gdb does not look at the owner of a note of type 1: with exactly the size of some prstatus (148, or the host's own) it would become a
     * thread. None of those sizes is 4 more than a multiple of 32.
     */
    faultline_put_zeros(out, (4u - out->size) % 32u);
}

static struct faultline_sink counter(void) {
    struct faultline_sink sink = {NULL, NULL, 0, 0};
    return sink;
}

static void put_notes(struct faultline_sink *out, const struct faultline_crash_info *crash) {
    put_threads(out, crash);
    struct faultline_sink identity = counter();
    put_identity(&identity, crash);
    faultline_put_note_header(out, "Faultline", NT_FAULTLINE, identity.size);
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
        region->size &= ~(faultline_word) 3;
        if (region->size > 0) {
            return true;
        }
    }
    return false;
}

static void put_program_header(
        struct faultline_sink *out, uint32_t type, uint32_t offset, faultline_word address, uint32_t size, uint32_t flags) {
    faultline_put_u32(out, type);
    if (IS_64_BIT) {
        faultline_put_u32(out, flags);
    }
    faultline_put_word(out, offset);
    faultline_put_word(out, address);
    faultline_put_word(out, 0);
    faultline_put_word(out, size);
    faultline_put_word(out, type == PT_LOAD ? size : 0);
    if (!IS_64_BIT) {
        faultline_put_u32(out, flags);
    }
    faultline_put_word(out, 4);
}

static void put_core(struct faultline_sink *out, const struct faultline_crash_info *crash) {
    struct faultline_region region;
    struct faultline_block block;
    unsigned segments = 1; /* the notes */
    for (unsigned i = 0; next_region(&i, &region);) {
        segments++;
    }
    for (unsigned i = 0; faultline_register_block(&crash->fault, i, &block); i++) {
        segments++;
    }
    struct faultline_sink notes = counter();
    put_notes(&notes, crash);

    static const uint8_t ident[16] = {0x7f, 'E', 'L', 'F', IS_64_BIT ? 2 : 1, 1, 1};
    faultline_put(out, ident, sizeof ident);
    faultline_put_u32(out, 4u | (uint32_t) faultline_machine.machine << 16); /* ET_CORE */
    faultline_put_u32(out, 1);
    faultline_put_word(out, 0);
    faultline_put_word(out, EHDR_SIZE);
    faultline_put_word(out, 0);
    faultline_put_u32(out, faultline_machine.flags);
    faultline_put_u32(out, EHDR_SIZE | PHDR_SIZE << 16);
    faultline_put_u32(out, segments);
    faultline_put_u32(out, 0);

    uint32_t offset = EHDR_SIZE + segments * PHDR_SIZE;
    put_program_header(out, PT_NOTE, offset, 0, notes.size, 4);
    offset += notes.size;
    for (unsigned i = 0; next_region(&i, &region);) {
        put_program_header(out, PT_LOAD, offset, region.start, (uint32_t) region.size, 6);
        offset += (uint32_t) region.size;
    }
    for (unsigned i = 0; faultline_register_block(&crash->fault, i, &block); i++) {
        put_program_header(out, PT_LOAD, offset, block.start, block.size, 4);
        offset += block.size;
    }

    put_notes(out, crash);
    for (unsigned i = 0; next_region(&i, &region);) {
        faultline_put(out, (const void *) (uintptr_t) region.start, (uint32_t) region.size);
    }
    for (unsigned i = 0; faultline_register_block(&crash->fault, i, &block); i++) {
        faultline_put(out, block.bytes, block.size);
    }
}

bool faultline_is_dumped(faultline_word start, uint32_t size) {
    struct faultline_region region;
    for (unsigned i = 0; next_region(&i, &region);) {
        if (start >= region.start && start - region.start < region.size && region.size - (start - region.start) >= size) {
            return true;
        }
    }
    return false;
}

int faultline_write_core(const struct faultline_crash_info *crash, faultline_write write, void *context) {
    struct faultline_sink out = {write, context, 0, 0};
    put_core(&out, crash);
    return out.result;
}

uint32_t faultline_core_size(const struct faultline_crash_info *crash) {
    struct faultline_sink out = counter();
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

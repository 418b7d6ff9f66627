/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * Catches a crash on RISC-V in machine mode (RV32 and RV64, with or without C; not the E base): registers first, then why, then on to the
 * port on a stack of its own. Registers of F and D are not kept.
 */
#include "faultline_processor.h"

#include <string.h>

#define EM_RISCV 243u
#define EF_RISCV_RVC 1u
#define EF_RISCV_FLOAT_ABI_SINGLE 2u
#define EF_RISCV_FLOAT_ABI_DOUBLE 4u

#define PRSTATUS_SIZE (sizeof(uintptr_t) == 8 ? 376u : 204u)

/* Filled in by the assembly below: x0 … x31, pc, mcause, mtval, mstatus. */
__attribute__((used)) uintptr_t faultline_saved[36];
#define SAVED_PC 32
#define SAVED_MCAUSE 33
#define SAVED_MTVAL 34
#define SAVED_MSTATUS 35

#define DUMP_STACK_SIZE ((FAULTLINE_DUMP_STACK_SIZE) / 16 * 16)
__attribute__((used, aligned(16))) uint8_t faultline_dump_stack[DUMP_STACK_SIZE];

static struct faultline_crash_info caught;
static volatile bool crashing;

#if __riscv_xlen == 64
#define STORE(register, index) "sd " #register ", 8*" #index "(t0)\n"
#else
#define STORE(register, index) "sw " #register ", 4*" #index "(t0)\n"
#endif

/* All but x0 and pc. t0 (x5) is first kept in mscratch: there is no stack to trust. */
#define SAVE_GENERAL \
    "csrw mscratch, t0\n" \
    "la t0, faultline_saved\n" \
    STORE(x1, 1) STORE(x2, 2) STORE(x3, 3) STORE(x4, 4) STORE(x6, 6) STORE(x7, 7) STORE(x8, 8) STORE(x9, 9) STORE(x10, 10) \
    STORE(x11, 11) STORE(x12, 12) STORE(x13, 13) STORE(x14, 14) STORE(x15, 15) STORE(x16, 16) STORE(x17, 17) STORE(x18, 18) \
    STORE(x19, 19) STORE(x20, 20) STORE(x21, 21) STORE(x22, 22) STORE(x23, 23) STORE(x24, 24) STORE(x25, 25) STORE(x26, 26) \
    STORE(x27, 27) STORE(x28, 28) STORE(x29, 29) STORE(x30, 30) STORE(x31, 31) \
    "csrr t1, mscratch\n" \
    STORE(t1, 5)

#define SWITCH_AND_JUMP(next) \
    "la sp, faultline_dump_stack\n" \
    "li t1, %0\n" \
    "add sp, sp, t1\n" \
    "j " #next "\n"

/* mtvec keeps its mode in the two lowest bits. */
__attribute__((naked, noinline, aligned(4))) void faultline_trap_entry(void) {
    __asm volatile(SAVE_GENERAL
                   "csrr t1, mepc\n" STORE(t1, 32)
                   "csrr t1, mcause\n" STORE(t1, 33)
                   "csrr t1, mtval\n" STORE(t1, 34)
                   "csrr t1, mstatus\n" STORE(t1, 35)
                   SWITCH_AND_JUMP(faultline_trap_caught)
                   :
                   : "i"(DUMP_STACK_SIZE));
}

__attribute__((naked, noinline)) void faultline_crash(enum faultline_reason reason, const char *message) {
    (void) reason;
    (void) message;
    __asm volatile("csrci mstatus, 8\n" SAVE_GENERAL SWITCH_AND_JUMP(faultline_crash_caught) : : "i"(DUMP_STACK_SIZE));
}

static void begin(void) {
    if (crashing) {
        faultline_port_crashed_again();
    }
    crashing = true;
    memcpy(caught.registers.x, faultline_saved, sizeof caught.registers.x);
    caught.uptime_ms = faultline_port_uptime_ms();
}

/* ---- faults ---- */

static bool is_below(uintptr_t address, const struct faultline_thread *thread) {
    uintptr_t reach = thread->stack_start - address;
    return thread->stack_start != 0 && reach > 0 && reach <= FAULTLINE_GUARD_REACH;
}

static bool is_access(uintptr_t mcause) {
    return mcause == 5 || mcause == 7 || mcause == 13 || mcause == 15;
}

static bool stack_overflowed(void) {
    struct faultline_thread thread;
    return faultline_find_current_thread(&thread)
            && (is_below(caught.registers.x[2], &thread)
                    || (is_access(caught.fault.mcause) && is_below(caught.fault.mtval, &thread)));
}

static uint8_t trap_signal(uintptr_t mcause) {
    switch (mcause) {
    case 0:
    case 4:
    case 6:
        return SIGBUS;
    case 2:
        return SIGILL;
    case 3:
    case 8:
    case 9:
    case 11:
        return SIGTRAP;
    default:
        return SIGSEGV;
    }
}

__attribute__((used)) void faultline_trap_caught(void) {
    begin();
    caught.registers.pc = faultline_saved[SAVED_PC];
    caught.fault.trapped = true;
    caught.fault.mcause = faultline_saved[SAVED_MCAUSE];
    caught.fault.mtval = faultline_saved[SAVED_MTVAL];
    caught.fault.mstatus = faultline_saved[SAVED_MSTATUS];
    caught.signal = trap_signal(caught.fault.mcause);
    caught.reason = FAULTLINE_TRAP;
    if (stack_overflowed()) {
        caught.reason = FAULTLINE_STACK_OVERFLOW;
        caught.signal = SIGSEGV;
    }
    faultline_port_crashed(&caught);
    faultline_port_crashed_again();
}

/* ---- the code itself asks ---- */

__attribute__((used)) void faultline_crash_caught(void) {
    begin();
    caught.registers.pc = (uintptr_t) &faultline_crash;
    caught.reason = (enum faultline_reason) caught.registers.x[10];
    caught.message = (const char *) caught.registers.x[11];
    caught.signal = caught.reason == FAULTLINE_STACK_OVERFLOW ? SIGSEGV : SIGABRT;
    faultline_port_crashed(&caught);
    faultline_port_crashed_again();
}

/* ---- threads that are switched out ---- */

bool faultline_thread_registers(const struct faultline_thread *thread, struct faultline_registers *registers) {
    *registers = thread->saved.registers;
    return faultline_is_dumped(registers->x[2], 0);
}

/* ---- what of the file only this processor has ---- */

const struct faultline_machine faultline_machine = {
    EM_RISCV,
    0
#ifdef __riscv_compressed
            | EF_RISCV_RVC
#endif
#if defined(__riscv_float_abi_double)
            | EF_RISCV_FLOAT_ABI_DOUBLE
#elif defined(__riscv_float_abi_single)
            | EF_RISCV_FLOAT_ABI_SINGLE
#endif
    ,
    PRSTATUS_SIZE,
};

void faultline_put_registers(struct faultline_sink *out, const struct faultline_registers *registers) {
    faultline_put_word(out, registers->pc);
    for (unsigned i = 1; i < 32; i++) {
        faultline_put_word(out, registers->x[i]);
    }
}

void faultline_put_further_registers(struct faultline_sink *out, const struct faultline_registers *registers) {
    (void) out;
    (void) registers;
}

void faultline_put_fault_pairs(struct faultline_sink *out, const struct faultline_fault *fault) {
    if (fault->trapped) {
        faultline_put_hex_pair(out, "mcause", fault->mcause);
        faultline_put_hex_pair(out, "mtval", fault->mtval);
        faultline_put_hex_pair(out, "mstatus", fault->mstatus);
    }
}

void faultline_put_saved_pairs(struct faultline_sink *out, const struct faultline_thread *thread) {
    (void) out;
    (void) thread;
}

bool faultline_register_block(const struct faultline_fault *fault, unsigned index, struct faultline_block *block) {
    (void) fault;
    (void) index;
    (void) block;
    return false;
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/*
 * Catches a crash on ARMv6-M, ARMv7-M (with and without FPU) and ARMv8-M without the security extension: registers first, then
 * the fault status, then on to the port on a stack of its own.
 */
#include "faultline_processor.h"

#include <string.h>

#if defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
#define ONLY_LOW_REGISTERS 1
#endif

#define REGISTER(address) (*(volatile uint32_t *) (uintptr_t) (address))
#define ICTR 0xE000E004u
#define ACTLR 0xE000E008u
#define SCB 0xE000ED00u
#define CCR 0xE000ED14u
#define SHCSR 0xE000ED24u
#define CFSR 0xE000ED28u
#define CPACR 0xE000ED88u
#define MPU_CTRL 0xE000ED94u
#define FPCCR 0xE000EF34u
#define FPCCR_LSPACT 1u

#define EM_ARM 40u
#define EF_ARM_EABI_VER5 0x05000000u
#define PRSTATUS_SIZE 148u
#define NT_ARM_VFP 0x400u
#define VFP_SIZE 260u

/* Words of the System Control Block. */
#define CFSR_WORD 10
#define HFSR_WORD 11
#define MMFAR_WORD 13

#define CFSR_MEM_MANAGE 0x000000FFu
#define CFSR_MSTKERR (1u << 4)
#define CFSR_MMARVALID (1u << 7)
#define CFSR_BUS_FAULT 0x0000FF00u
#define CFSR_STKERR (1u << 12)
#define CFSR_UNALIGNED (1u << 24)
#define CFSR_DIVBYZERO (1u << 25)
#define CFSR_USAGE_FAULT 0xFFFF0000u

#define EXC_RETURN_PSP (1u << 2)
#define EXC_RETURN_THREAD (1u << 3)
#define EXC_RETURN_BASIC_FRAME (1u << 4)

#define BASIC_FRAME 0x20u
#define EXTENDED_FRAME 0x68u
#define XPSR_THUMB (1u << 24)
#define XPSR_ALIGNED (1u << 9)

/* Filled in by the assembly below; words 0 … 11 are r0 … r11 (a fault leaves r0 … r3 alone: they are on the stack). */
__attribute__((used)) uint32_t faultline_saved[18];
#define SAVED_SP 12
#define SAVED_LR 13
#define SAVED_XPSR 14
#define SAVED_MSP 15
#define SAVED_PSP 16
#define SAVED_CONTROL 17

/* Full descending: the assembly starts at its end. 8 bytes of alignment are what AAPCS wants at a call. */
__attribute__((used)) uint64_t faultline_dump_stack[FAULTLINE_DUMP_STACK_SIZE / 8];

static struct faultline_crash_info caught;
static volatile bool crashing;

#define STRING(x) #x
#define TEXT(x) STRING(x)

/* Both entries end here: banked registers, then the dump stack. r0 points behind the saved lr. */
#define SAVE_SPECIAL_AND_SWITCH(next) \
    "mrs r1, xpsr\n" \
    "str r1, [r0, #0]\n" \
    "mrs r1, msp\n" \
    "str r1, [r0, #4]\n" \
    "mrs r1, psp\n" \
    "str r1, [r0, #8]\n" \
    "mrs r1, control\n" \
    "str r1, [r0, #12]\n" \
    "ldr r1, 2f\n" \
    "mov sp, r1\n" \
    "ldr r1, 3f\n" \
    "bx r1\n" \
    ".balign 4\n" \
    "1: .word faultline_saved\n" \
    "2: .word faultline_dump_stack + " TEXT(FAULTLINE_DUMP_STACK_SIZE) "\n" \
    "3: .word " #next "\n"

#ifdef ONLY_LOW_REGISTERS
#define STORE_R8_TO_R11_SP_LR \
    "mov r4, r8\n" \
    "mov r5, r9\n" \
    "mov r6, r10\n" \
    "mov r7, r11\n" \
    "stmia r0!, {r4-r7}\n" \
    "mov r4, sp\n" \
    "mov r5, lr\n" \
    "stmia r0!, {r4, r5}\n"
#else
#define STORE_R8_TO_R11_SP_LR \
    "stmia r0!, {r8-r11}\n" \
    "mov r4, sp\n" \
    "mov r5, lr\n" \
    "stmia r0!, {r4, r5}\n"
#endif

__attribute__((naked, noinline)) void faultline_fault_entry(void) {
    __asm volatile(".syntax unified\n"
                   "cpsid i\n"
                   "ldr r0, 1f\n"
                   "adds r0, #16\n"
                   "stmia r0!, {r4-r7}\n" STORE_R8_TO_R11_SP_LR SAVE_SPECIAL_AND_SWITCH(faultline_fault_caught));
}

/* r12 is not kept: at a call it belongs to nobody, and here it holds r0 until that is stored. */
__attribute__((naked, noinline)) void faultline_crash(enum faultline_reason reason, const char *message) {
    (void) reason;
    (void) message;
    __asm volatile(".syntax unified\n"
                   "cpsid i\n"
                   "mov r12, r0\n"
                   "ldr r0, 1f\n"
                   "adds r0, #4\n"
                   "stmia r0!, {r1-r7}\n" STORE_R8_TO_R11_SP_LR
                   "mov r1, r12\n"
                   "subs r0, #56\n"
                   "str r1, [r0]\n"
                   "adds r0, #56\n" SAVE_SPECIAL_AND_SWITCH(faultline_crash_caught));
}

/* ---- shared ---- */

static void begin(void) {
    if (crashing) {
        faultline_port_crashed_again();
    }
    crashing = true;
    REGISTER(MPU_CTRL) = 0; /* guards lie in the memory that will be read */
    for (unsigned i = 0; i < 16; i++) {
        caught.fault.system_control_block[i] = REGISTER(SCB + 4 * i);
    }
    caught.fault.system_control[0] = REGISTER(ICTR);
    caught.fault.system_control[1] = REGISTER(ACTLR);
#ifdef __ARM_FP
    for (unsigned i = 0; i < 3; i++) {
        caught.fault.fp_control[i] = REGISTER(FPCCR + 4 * i);
    }
    caught.fault.has_fp_control = true;
#endif
    caught.uptime_ms = faultline_port_uptime_ms();
    memcpy(&caught.registers.r[4], &faultline_saved[4], 8 * sizeof(uint32_t));
    caught.fault.msp = faultline_saved[SAVED_MSP];
    caught.fault.psp = faultline_saved[SAVED_PSP];
}

/*
 * All FP registers. With lazy stacking this instruction is also what makes the CPU write s0 … s15 into the space that the exception
 * frame kept for them, so that an unwinder finds them there.
 */
static void read_fpu(struct faultline_fpu *fpu) {
#ifdef __ARM_FP
    uint32_t *s = fpu->s;
    __asm volatile("vstmia %1!, {s0-s31}\n"
                   "vmrs %0, fpscr\n"
                   : "=r"(fpu->fpscr), "+r"(s)
                   :
                   : "memory");
#else
    memset(fpu, 0, sizeof *fpu);
#endif
}

static bool fpu_is_on(void) {
#ifdef __ARM_FP
    return ((REGISTER(CPACR) >> 20) & 0xFu) == 0xFu;
#else
    return false;
#endif
}

static uint32_t frame_size(uint32_t exc_return) {
    return (exc_return & EXC_RETURN_BASIC_FRAME) != 0 ? BASIC_FRAME : EXTENDED_FRAME;
}

/* r0 … r3, r12, sp, lr, pc, xPSR out of the exception frame, as ARMv7-M's ExceptionReturn() would restore them. */
static void undo_frame(uint32_t address, uint32_t exc_return, struct faultline_registers *registers) {
    const uint32_t *frame = (const uint32_t *) (uintptr_t) address;
    memcpy(registers->r, frame, 4 * sizeof(uint32_t));
    registers->r[12] = frame[4];
    registers->r[14] = frame[5];
    registers->r[15] = frame[6];
    registers->xpsr = frame[7];
    registers->r[13] = address + frame_size(exc_return) + ((frame[7] & XPSR_ALIGNED) != 0 ? 4 : 0);
}

/* ---- faults ---- */

static bool below_its_stack(uint32_t sp, const uint32_t *scb) {
    struct faultline_thread thread;
    if (!faultline_find_current_thread(&thread) || thread.stack_start == 0) {
        return false;
    }
    uint32_t reach = thread.stack_start - scb[MMFAR_WORD];
    bool guard_hit = (scb[CFSR_WORD] & CFSR_MMARVALID) != 0 && reach > 0 && reach <= FAULTLINE_GUARD_REACH;
    return sp < thread.stack_start || guard_hit;
}

static enum faultline_reason fault_reason(uint32_t exception) {
    switch (exception) {
    case 4:
        return FAULTLINE_MEM_MANAGE;
    case 5:
        return FAULTLINE_BUS_FAULT;
    case 6:
        return FAULTLINE_USAGE_FAULT;
    default:
        return FAULTLINE_HARD_FAULT;
    }
}

static uint8_t fault_signal(uint32_t cfsr) {
    if ((cfsr & CFSR_DIVBYZERO) != 0) {
        return SIGFPE;
    }
    if ((cfsr & (CFSR_UNALIGNED | CFSR_BUS_FAULT)) != 0) {
        return SIGBUS;
    }
    if ((cfsr & CFSR_USAGE_FAULT) != 0) {
        return SIGILL;
    }
    return SIGSEGV;
}

__attribute__((noinline)) static void dump_fault(void) {
    begin();
    uint32_t exc_return = faultline_saved[SAVED_LR];
    uint32_t cfsr = caught.fault.system_control_block[CFSR_WORD];
    bool on_psp = (exc_return & EXC_RETURN_PSP) != 0;
    bool extended = (exc_return & EXC_RETURN_BASIC_FRAME) == 0;
    uint32_t frame = on_psp ? caught.fault.psp : caught.fault.msp;
    uint32_t size = frame_size(exc_return);

    caught.fault.exc_return = exc_return;
    caught.fault.has_exc_return = true;
    caught.fault.frame_lost = (cfsr & (CFSR_MSTKERR | CFSR_STKERR)) != 0 || (frame & 3u) != 0 || !faultline_is_dumped(frame, size);
    if (caught.fault.frame_lost) {
        caught.registers.r[13] = frame + size;
    } else {
        if (extended && fpu_is_on()) {
            read_fpu(&caught.registers.fpu);
            const uint32_t *fp_frame = (const uint32_t *) (uintptr_t) (frame + BASIC_FRAME);
            memcpy(caught.registers.fpu.s, fp_frame, 16 * sizeof(uint32_t));
            caught.registers.fpu.fpscr = fp_frame[16];
            caught.registers.has_fpu = true;
        }
        undo_frame(frame, exc_return, &caught.registers);
    }

    /* CONTROL as the interrupted code had it: in a handler SPSEL reads 0 and FPCA is the handler's. */
    bool thread_on_psp = on_psp && (exc_return & EXC_RETURN_THREAD) != 0;
    caught.fault.control = (faultline_saved[SAVED_CONTROL] & ~6u) | (thread_on_psp ? 2u : 0) | (extended ? 4u : 0);
    if (on_psp) {
        caught.fault.psp = caught.registers.r[13];
    } else {
        caught.fault.msp = caught.registers.r[13];
    }

    caught.signal = fault_signal(cfsr);
    caught.reason = fault_reason(faultline_saved[SAVED_XPSR] & 0x1FFu);
    if ((cfsr & (CFSR_MSTKERR | CFSR_STKERR)) != 0
            || (on_psp && below_its_stack(caught.registers.r[13], caught.fault.system_control_block))) {
        caught.reason = FAULTLINE_STACK_OVERFLOW;
        caught.signal = SIGSEGV;
    }
    faultline_port_crashed(&caught);
    faultline_port_crashed_again();
}

__attribute__((used)) void faultline_fault_caught(void) {
#ifdef __ARM_FP
    /*
     * The frame could not be pushed, so the lazy save of s0 … s15 into it would fault as well, at the first FP instruction, and compilers
     * use some for mere copying: give those registers up before any other code runs.
     */
    if ((REGISTER(CFSR) & (CFSR_MSTKERR | CFSR_STKERR)) != 0) {
        REGISTER(FPCCR) &= ~FPCCR_LSPACT;
    }
#endif
    dump_fault();
}

/* ---- the code itself asks ---- */

__attribute__((used)) void faultline_crash_caught(void) {
    begin();
    if (fpu_is_on()) {
        read_fpu(&caught.registers.fpu);
        caught.registers.has_fpu = (faultline_saved[SAVED_CONTROL] & 4u) != 0;
    }
    memcpy(caught.registers.r, faultline_saved, 4 * sizeof(uint32_t));
    caught.registers.r[13] = faultline_saved[SAVED_SP];
    caught.registers.r[14] = faultline_saved[SAVED_LR];
    caught.registers.r[15] = (uint32_t) (uintptr_t) &faultline_crash & ~1u;
    /* EPSR reads as 0 through mrs, but Thumb is all there is. */
    caught.registers.xpsr = faultline_saved[SAVED_XPSR] | XPSR_THUMB;
    caught.fault.control = faultline_saved[SAVED_CONTROL];
    caught.reason = (enum faultline_reason) faultline_saved[0];
    caught.message = (const char *) (uintptr_t) faultline_saved[1];
    caught.signal = caught.reason == FAULTLINE_STACK_OVERFLOW ? SIGSEGV : SIGABRT;
    faultline_port_crashed(&caught);
    faultline_port_crashed_again();
}

/* ---- threads that are switched out ---- */

bool faultline_thread_registers(const struct faultline_thread *thread, struct faultline_registers *registers) {
    const struct faultline_saved *saved = &thread->saved;
    if ((saved->hardware_frame & 3u) != 0
            || !faultline_is_dumped(saved->hardware_frame, frame_size(saved->exc_return))) {
        return false;
    }
    undo_frame(saved->hardware_frame, saved->exc_return, registers);
    memcpy(&registers->r[4], saved->r4_to_r11, 8 * sizeof(uint32_t));
    registers->has_fpu = (saved->exc_return & EXC_RETURN_BASIC_FRAME) == 0 && saved->s16_to_s31 != NULL;
    if (registers->has_fpu) {
        const uint32_t *fp_frame = (const uint32_t *) (uintptr_t) (saved->hardware_frame + BASIC_FRAME);
        memcpy(registers->fpu.s, fp_frame, 16 * sizeof(uint32_t));
        memcpy(&registers->fpu.s[16], saved->s16_to_s31, 16 * sizeof(uint32_t));
        registers->fpu.fpscr = fp_frame[16];
    }
    return true;
}

/* ---- what of the file only this processor has ---- */

const struct faultline_machine faultline_machine = {EM_ARM, EF_ARM_EABI_VER5, PRSTATUS_SIZE};

void faultline_put_registers(struct faultline_sink *out, const struct faultline_registers *registers) {
    for (unsigned i = 0; i < 16; i++) {
        faultline_put_u32(out, registers->r[i]);
    }
    faultline_put_u32(out, registers->xpsr);
}

void faultline_put_further_registers(struct faultline_sink *out, const struct faultline_registers *registers) {
    if (!registers->has_fpu) {
        return;
    }
    faultline_put_note_header(out, "LINUX", NT_ARM_VFP, VFP_SIZE);
    for (unsigned i = 0; i < 32; i++) {
        faultline_put_u32(out, registers->fpu.s[i]);
    }
    faultline_put_zeros(out, 128); /* d16 … d31 */
    faultline_put_u32(out, registers->fpu.fpscr);
}

void faultline_put_fault_pairs(struct faultline_sink *out, const struct faultline_fault *fault) {
    faultline_put_hex_pair(out, "msp", fault->msp);
    faultline_put_hex_pair(out, "psp", fault->psp);
    faultline_put_hex_pair(out, "control", fault->control);
    if (fault->has_exc_return) {
        faultline_put_hex_pair(out, "exc-return", fault->exc_return);
    }
    if (fault->frame_lost) {
        faultline_put_pair(out, "frame", "lost");
    }
}

void faultline_put_saved_pairs(struct faultline_sink *out, const struct faultline_thread *thread) {
    if (thread->saved.exc_return != 0) {
        faultline_put_thread_hex_pair(out, thread->id, ".exc-return", thread->saved.exc_return);
    }
}

bool faultline_register_block(const struct faultline_fault *fault, unsigned index, struct faultline_block *block) {
    const struct faultline_block blocks[] = {
        {ICTR, sizeof fault->system_control, fault->system_control},
        {SCB, sizeof fault->system_control_block, fault->system_control_block},
        {FPCCR, sizeof fault->fp_control, fault->fp_control},
    };
    if (index >= (fault->has_fp_control ? 3u : 2u)) {
        return false;
    }
    *block = blocks[index];
    return true;
}

void faultline_enable_traps(uint32_t traps) {
#ifndef ONLY_LOW_REGISTERS
    if ((traps & FAULTLINE_TRAP_DIVIDE_BY_ZERO) != 0) {
        REGISTER(CCR) |= 1u << 4;
    }
    if ((traps & FAULTLINE_TRAP_UNALIGNED) != 0) {
        REGISTER(CCR) |= 1u << 3;
    }
    if ((traps & FAULTLINE_SEPARATE_FAULTS) != 0) {
        REGISTER(SHCSR) |= 7u << 16;
    }
    if ((traps & FAULTLINE_PRECISE_BUS_FAULTS) != 0) {
        REGISTER(ACTLR) |= 1u << 1;
    }
#else
    (void) traps;
#endif
}

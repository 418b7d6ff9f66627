/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Floating-point numbers that are in registers alone, on every processor that has such registers. Ends in an undefined
   instruction; needs no library. */
#define KEEP __attribute__((noinline, noclone))

#if defined(__x86_64__) || defined(__SSE2__)
#define IN_REGISTER "x"
#define UNDEFINED "ud2"
#elif defined(__i386__)
#define IN_REGISTER "f"
#define UNDEFINED "ud2"
#elif defined(__aarch64__)
#define IN_REGISTER "w"
#define UNDEFINED ".inst 0"
#elif defined(__arm__)
#define IN_REGISTER "t"
#define UNDEFINED "udf #0"
#elif defined(__riscv)
#define IN_REGISTER "f"
#define UNDEFINED "unimp"
#endif

/* The FPU of a Cortex-M4 knows no doubles. */
#if defined(__ARM_FP) && !(__ARM_FP & 8)
typedef float real;
#else
typedef double real;
#endif

struct pair {
    real left, right;
};

volatile real offset = 0.75;
volatile float step = 0.25f;

/* Innermost: the registers of the dump. */
KEEP static real crash(real ratio, float gain, struct pair pair)
{
    real mean = ratio * 3 + offset;
    float level = gain - step;
    real total = pair.left + pair.right;
    __asm__ volatile(UNDEFINED : : IN_REGISTER(mean), IN_REGISTER(level), IN_REGISTER(total), IN_REGISTER(ratio), IN_REGISTER(gain));
    return mean + level + total + ratio + gain;
}

/* Its own numbers outlive the call, so it saves registers in which its caller has others. */
KEEP static real smooth(real ratio, float gain)
{
    struct pair pair = {ratio + 1, ratio + 2};
    real kept = ratio - offset;
    float level = gain + step;
    real result = crash(ratio, gain, pair);
    return result * kept + level;
}

KEEP static real calibrate(real ratio, float gain)
{
    real outer = ratio * offset;
    float margin = gain * step;
    real passed = ratio / 2;
    real result = smooth(passed, gain);
    return result * outer - margin;
}

void begin(void)
{
    volatile real result = calibrate(offset * 10, step * 4);
    (void) result;
    for (;;) {
    }
}

/* In the data, so that whoever writes the core finds it there. */
char stack[1024] __attribute__((aligned(16))) = {1};

/* Nobody called it: the return address is 0. */
__asm__(".globl _start\n"
        "_start:\n"
#if defined(__x86_64__)
        "lea stack+1024(%rip), %rsp\n"
        "push $0\n"
        "jmp begin\n"
#elif defined(__i386__)
        "mov $stack+1024, %esp\n"
        "push $0\n"
        "jmp begin\n"
#elif defined(__aarch64__)
        "adrp x0, stack+1024\n"
        "add x0, x0, :lo12:stack+1024\n"
        "mov sp, x0\n"
        "mov x30, #0\n"
        "b begin\n"
#elif defined(__arm__)
        "ldr sp, =stack+1024\n"
        "mov lr, #0\n"
        "b begin\n"
#elif defined(__riscv)
        "la sp, stack+1024\n"
        "li ra, 0\n"
        "j begin\n"
#endif
);

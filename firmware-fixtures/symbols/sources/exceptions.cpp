// SPDX-License-Identifier: Apache-2.0
// Copyright the Faultline authors
//
// Functions whose exception tables and call frame information say the same in different words: small and large frames,
// a frame pointer, floating-point registers, handlers and cleanups, and one that nothing may be thrown through.

/** May throw, for all that the compiler knows. */
extern "C" int outside(int value);

volatile int input = 3;
volatile float gain = 1.5f;
volatile double offset = 0.25;

extern "C" __attribute__((noinline)) int leaf(int value) { return value * 3 + input; }

extern "C" __attribute__((noinline)) int small(int value) { return leaf(value) + leaf(value + 1); }

extern "C" __attribute__((noinline)) int fill(unsigned char *bytes, unsigned size) {
    int sum = 0;
    for (unsigned i = 0; i < size; i++) {
        bytes[i] = static_cast<unsigned char>(leaf(static_cast<int>(i)));
        sum += bytes[i];
    }
    return sum;
}

extern "C" __attribute__((noinline)) int large() {
    unsigned char bytes[700];
    return fill(bytes, sizeof bytes) + leaf(bytes[5]);
}

extern "C" __attribute__((noinline)) int variable(unsigned size) {
    auto bytes = static_cast<unsigned char *>(__builtin_alloca(size));
    return fill(bytes, size) + leaf(bytes[0]);
}

extern "C" __attribute__((noinline)) float weigh(float a, float b) {
    float sum = a * gain;
    for (int i = 0; i < small(2); i++) {
        sum += b * static_cast<float>(offset) + static_cast<float>(leaf(i));
    }
    return sum * a + b;
}

struct Guard {
    int value;

    explicit Guard(int value) : value(value) {}

    __attribute__((noinline)) ~Guard() { input = value; }
};

extern "C" __attribute__((noinline)) int guarded(int value) {
    Guard first(value);
    Guard second(value + 1);
    return outside(value) + large();
}

extern "C" __attribute__((noinline)) int caught(int value) {
    try {
        return guarded(value) + outside(value);
    } catch (...) {
        return leaf(value);
    }
}

extern "C" __attribute__((noinline)) int quiet(int value) noexcept { return caught(value) + outside(value); }

extern "C" __attribute__((noinline)) int many(int a, int b, int c, int d, int e, int f, int g, int h) {
    int sum = 0;
    for (int i = 0; i < input; i++) {
        sum += leaf(a + i) * leaf(b) + leaf(c) * leaf(d) + leaf(e) - leaf(f) + leaf(g) * h + i * a * b;
    }
    return sum;
}

extern "C" void program() {
    input = small(1) + large() + variable(40) + static_cast<int>(weigh(2, 3)) + quiet(4) + many(1, 2, 3, 4, 5, 6, 7, 8);
}

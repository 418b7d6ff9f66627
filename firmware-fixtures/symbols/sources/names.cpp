// SPDX-License-Identifier: Apache-2.0
// Copyright the Faultline authors

// Names that are nested: namespaces, classes, an anonymous namespace, a template, an overload.

extern "C" int program(void);
extern "C" volatile unsigned sink;

namespace net::wire {

struct Packet {
    unsigned length;
    unsigned char bytes[16];

    unsigned sum() const;
    static Packet of(unsigned length);

    bool empty() const { return length == 0; }
};

__attribute__((noinline)) unsigned Packet::sum() const
{
    unsigned total = 0;
    for (unsigned i = 0; i < length; i++) {
        total += bytes[i % sizeof bytes];
    }
    return empty() ? 0 : total;
}

__attribute__((noinline)) Packet Packet::of(unsigned length)
{
    Packet packet;
    packet.length = length;
    packet.bytes[length % sizeof packet.bytes] = 1;
    return packet;
}

} // namespace net::wire

namespace {

template <typename Value> __attribute__((noinline)) Value twice(Value value)
{
    sink = static_cast<unsigned>(value);
    return value + value;
}

__attribute__((noinline)) unsigned mix(unsigned a, unsigned b)
{
    return (a << 3) ^ b ^ sink;
}

__attribute__((noinline)) unsigned mix(unsigned a)
{
    return mix(a, a + 1u) + 1u;
}

} // namespace

extern "C" unsigned step(unsigned value)
{
    auto packet = net::wire::Packet::of(value);
    return packet.sum() + twice(value) + mix(value);
}

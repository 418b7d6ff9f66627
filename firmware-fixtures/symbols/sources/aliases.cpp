// SPDX-License-Identifier: Apache-2.0
// Copyright the Faultline authors

// Several symbols for one function: complete and base constructors, destructors, weak and strong aliases.

extern "C" volatile unsigned sink;

void operator delete(void *, decltype(sizeof 0)) noexcept {}

namespace device {

struct Port {
    unsigned number;

    explicit Port(unsigned given);
    virtual ~Port();
    virtual unsigned read() const;
};

__attribute__((noinline)) Port::Port(unsigned given) : number(given)
{
    sink = given;
}

__attribute__((noinline)) Port::~Port()
{
    sink = 0;
}

__attribute__((noinline)) unsigned Port::read() const
{
    return sink + number;
}

} // namespace device

extern "C" {

__attribute__((noinline)) unsigned default_handler(unsigned number)
{
    sink = number;
    return sink;
}

// all interrupts that nobody wants are one function
__attribute__((weak, alias("default_handler"))) unsigned timer_handler(unsigned number);
__attribute__((alias("default_handler"))) unsigned a_handler(unsigned number);

// begins as a mangled name does
__attribute__((noinline)) unsigned _Zone(unsigned number)
{
    sink = number + 1u;
    return sink;
}

unsigned step(unsigned value)
{
    device::Port port(value);
    return port.read() + timer_handler(value) + a_handler(value) + _Zone(value);
}
}

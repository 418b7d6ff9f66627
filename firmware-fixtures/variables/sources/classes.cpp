/* SPDX-License-Identifier: Apache-2.0 */
/* Copyright the Faultline authors */
/* Variables of the types that C++ adds, in a program that needs no library and ends in a trap. */

#define KEEP __attribute__((noinline, noclone))

namespace shapes {

enum class Kind : unsigned char { Square = 1, Circle };

struct Base {
    int id;
    static int count;
    int only_declared() const;
};

int Base::count = 2;

class Left : public Base {
public:
    short left;
};

class Right {
protected:
    char right[4];

public:
    constexpr Right() : right{'r', 'i', 'g', 0} {}
};

class Both : public Left, private Right {
public:
    Kind kind;
    bool done;
    constexpr Both(int id, short left, Kind kind) : Left{}, kind(kind), done(true)
    {
        this->id = id;
        this->left = left;
    }
    KEEP int crash(int amount) const;
    KEEP int method(int amount) const;
};

template <typename T, int N>
struct Array {
    T items[N];
    T &first() { return items[0]; }
};

} // namespace shapes

using shapes::Both;

Both both{7, -3, shapes::Kind::Circle};
Both &reference = both;
Both *pointer = &both;
shapes::Base *to_base = &both;
shapes::Array<unsigned, 3> array = {{1, 2, 3}};
int shapes::Base::*member = &shapes::Base::id;
short shapes::Left::*second_member = &shapes::Left::left;
char16_t wide = u'w';
char32_t wider = U'W';
decltype(nullptr) nothing = nullptr;

namespace {
int hidden = 11;
}

int shapes::Both::crash(int amount) const
{
    auto twice = [amount](int more) { return amount * 2 + more + hidden; };
    volatile int kept = twice(id);
    const Both &same = *this;
    if (kept != 0 && same.done) {
        __builtin_trap();
    }
    return kept;
}

int shapes::Both::method(int amount) const
{
    Array<short, 2> local = {{static_cast<short>(amount), 5}};
    short &first = local.first();
    first++;
    Both copy = *this;
    return crash(first) + copy.id + local.items[1];
}

extern "C" void _start()
{
    asm volatile("andq $-16, %rsp");
    volatile int result = reference.method(9);
    (void) result;
    for (;;) {
    }
}

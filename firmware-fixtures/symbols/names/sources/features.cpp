// Names of every production: compiled only for its symbols.
#include <compare>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <tuple>
#include <typeinfo>
#include <utility>
#include <vector>
#define KEEP __attribute__((used, noinline))
namespace {
struct Hidden {
    KEEP void f() {}
};
Hidden hidden;
KEEP void internal() { hidden.f(); }
} // namespace
namespace outer::inner {
inline namespace v1 {
struct A {
    int field;
    static inline int counter = [] { return 3; }();
    KEEP A() {}
    KEEP A(int) {}
    KEEP A(const A &) {}
    KEEP ~A() {}
    KEEP A &operator=(const A &) { return *this; }
    KEEP void c() const {}
    KEEP void v() volatile {}
    KEEP void cv() const volatile {}
    KEEP void l() & {}
    KEEP void single() {}
    KEEP void r() && {}
    KEEP void cl() const & {}
    KEEP void cr() const && {}
    KEEP operator int() const { return 1; }
    KEEP operator const char *() const { return ""; }
    using Pointer = void (*)(int);
    KEEP operator Pointer() const { return nullptr; }
    template <class T> KEEP operator std::vector<T>() { return {}; }
    template <class T> KEEP operator T *() { return nullptr; }
    KEEP auto operator<=>(const A &) const { return std::strong_ordering::equal; }
    template <class... T> KEEP void operator()(T &&...) {}
    KEEP void *operator new(std::size_t n) { return ::operator new(n); }
    KEEP void operator delete(void *p) { ::operator delete(p); }
    KEEP void *operator new[](std::size_t n) { return ::operator new(n); }
    KEEP void operator delete[](void *p) { ::operator delete(p); }
    struct {
        KEEP void in() {}
    } unnamed;
    union {
        int x;
        char y;
    };
    enum E { one, two };
    KEEP void withLambda(int i = [] { return 1; }()) { (void)i; }
};
#define OP2(o)                                                                                                         \
    KEEP int operator o(const A &, int) { return 0; }
OP2(+) OP2(-) OP2(*) OP2(/) OP2(%) OP2(^) OP2(&) OP2(|) OP2(<<) OP2(>>) OP2(==) OP2(!=) OP2(<) OP2(>) OP2(<=) OP2(>=) OP2(&&) OP2(||) OP2(->*)
#define OPA(o)                                                                                                         \
    KEEP int operator o(A &, int) { return 0; }
OPA(+=) OPA(-=) OPA(*=) OPA(/=) OPA(%=) OPA(^=) OPA(&=) OPA(|=) OPA(<<=) OPA(>>=)
KEEP int operator,(const A&, int) {
    return 0;
}
KEEP int operator~(const A &) { return 0; }
KEEP int operator!(const A &) { return 0; }
KEEP int operator-(const A &) { return 0; }
KEEP int operator+(const A &) { return 0; }
KEEP int operator*(const A &) { return 0; }
KEEP int operator&(const A &) { return 0; }
KEEP int operator++(A &) { return 0; }
KEEP int operator++(A &, int) { return 0; }
KEEP int operator--(A &) { return 0; }
KEEP int operator--(A &, int) { return 0; }
KEEP unsigned long long operator""_u(unsigned long long x) { return x; }
KEEP long double operator""_d(long double x) { return x; }
KEEP int operator""_s(const char *, std::size_t) { return 0; }
template <char... C> KEEP int operator""_t() { return sizeof...(C); }
} // namespace v1
} // namespace outer::inner
using outer::inner::A;
KEEP void types(signed char, unsigned char, short, unsigned short, long, unsigned long, long long, unsigned long long,
                __int128, unsigned __int128, float, double, long double, wchar_t, char8_t, char16_t, char32_t,
                std::nullptr_t, bool, ...) {}
KEEP void complexes(_Complex float, _Complex double) {}
typedef float v4 __attribute__((vector_size(16)));
typedef int i8 __attribute__((vector_size(32)));
KEEP void vectors(v4, i8, v4 *) {}
KEEP void arrays(int (&)[3], const char (&)[4][5], int (*)[], int *(*)[2], const volatile int (*)[7]) {}
KEEP void functions(void (*)(), int (&)(char), void (*(*)(int))(char), int (*(*)())[3], int (&(*)())[3],
                    void (*const *)(), void (*(*)[3])(), char *(*)(char *), void (*)(void (*)(int), ...)) {}
KEEP void members(int A::*, void (A::*)(), void (A::*)() const, void (A::*)() &, void (A::*)() const &&,
                  void (A::*const)() volatile, int (A::*)[3], int A::**, void (A::*A::*)(int)) {}
KEEP void noexcepts(void (*)() noexcept, void (A::*)() const noexcept, void (*)(void (*)() noexcept)) {}
KEEP void restricts(int *__restrict, const int *__restrict *) {}
KEEP void refs(int &&, const A &&, A &, std::string &&, std::vector<std::string> *) {}
KEEP void (*returnsFunction(int))(char) { return nullptr; }
template <class T> KEEP void (*templateReturnsFunction(T))(char) { return nullptr; }
template <class T> KEEP int (&templateReturnsArray(T))[3] {
    static int a[3];
    return a;
}
template <class T> KEEP void (T::*templateReturnsMember(T *))(int) const { return nullptr; }
template <class T> KEEP void t1(T) {}
template <class T> KEEP void t2(T &&, const T &, std::remove_reference_t<T> *) {}
template <class T> KEEP void t3(const T) {}
template <class... T> KEEP void pack(T...) {}
template <class... T> KEEP void packs(T &&..., std::tuple<T...>, std::pair<T, int> *...) {}
template <class... T, class... U> KEEP void two(std::tuple<T...>, std::tuple<U...>, std::pair<T, U>...) {}
template <class... T> KEEP void functionsOf(void (*...f)(T), void (*)(T...)) {}
template <int I> KEEP void i() {}
template <unsigned I> KEEP void u() {}
template <bool B> KEEP void b() {}
template <char C> KEEP void c() {}
template <long long L> KEEP void ll() {}
template <A::E E> KEEP void e() {}
template <std::nullptr_t> KEEP void n() {}
template <short S> KEEP void s() {}
template <unsigned long S> KEEP void ul() {}
template <auto V> KEEP void any() {}
template <auto... V> KEEP void anys() {}
template <int *P> KEEP void p() {}
template <void (*P)()> KEEP void fp() {}
template <void (A::*P)()> KEEP void mf() {}
template <int A::*P> KEEP void mp() {}
template <const int &R> KEEP void r() {}
template <template <class...> class C> KEEP void tt() {}
template <template <class, class> class C, class T> KEEP void tt2(C<T, std::allocator<T>>) {}
struct Literal {
    int a;
    double b;
    const char *c;
    bool operator==(const Literal &) const = default;
};
template <Literal L> KEEP void literal() {}
struct Nested {
    Literal l;
    int a[2];
    bool operator==(const Nested &) const = default;
};
template <Nested L> KEEP void nestedLiteral() {}
template <double D> KEEP void dbl() {}
template <float F> KEEP void flt() {}
int global;
const int cglobal = 1;
void freeFunction() {}
template <class T> KEEP auto d1(T a) -> decltype(a + 1) { return a; }
template <class T> KEEP auto d2(T a, T b) -> decltype(a * b - (a << 2) % 3) { return a; }
template <class T> KEEP auto d3(T a) -> decltype(a.size()) { return 0; }
template <class T> KEEP auto d4(T *a) -> decltype(a->size(), 0) { return 0; }
template <class T> KEEP auto d5(T a) -> decltype(static_cast<long>(a)) { return 0; }
template <class T> KEEP auto d6(T a) -> decltype(T(a)) { return a; }
template <class T> KEEP auto d7(T a) -> decltype(T{a, a}) { return a; }
template <class T> KEEP auto d8(T a) -> decltype(new T(a)) { return 0; }
template <class T> KEEP auto d9(T *a) -> decltype(delete a) {}
template <class T> KEEP auto d10(T a) -> decltype(a ? a : -a) { return a; }
template <class T> KEEP auto d11(T a) -> decltype(!a && ~a || a++ == --a) { return true; }
template <class T> KEEP auto d12(T *a) -> decltype(*a) { return *a; }
template <class T> KEEP auto d13(T a) -> decltype(&a) { return nullptr; }
template <class T> KEEP auto d14(T *a) -> decltype(a[1]) { return *a; }
template <class T> KEEP auto d15() -> decltype(std::declval<T>().begin()) { return {}; }
template <class T> KEEP auto d16(T a) -> decltype(sizeof(a)) { return 0; }
template <class T> KEEP auto d17(T a) -> decltype(a.template get<int>()) { return {}; }
template <class T> KEEP auto d18(T) -> decltype(T::value) { return {}; }
template <class T> KEEP auto d19(T a) -> decltype(a.T::size()) { return {}; }
template <class T> KEEP auto d20(T a) -> decltype(::global + a) { return 0; }
template <class T> KEEP auto d21(T a) -> decltype(a > 1) { return true; }
template <class T> KEEP auto d22(T a) -> decltype(a.operator+(1)) { return 0; }
template <class T> KEEP auto d23(T a) -> decltype(typeid(a).name()) { return ""; }
template <class T> KEEP auto d24(T a) -> decltype(throw a) {}
template <class T> KEEP auto d25(T a) -> decltype(freeFunction()) {}
template <class T> KEEP auto d26(T a) -> decltype((a, void(), 1)) { return 0; }
template <class T> KEEP auto d27(T a) -> decltype(noexcept(a + 1)) { return true; }
template <class T> KEEP auto d28(T a) -> decltype(a <=> a) { return a <=> a; }
template <class T> KEEP auto d29(T *a) -> decltype(a->~T()) {}
template <class T> KEEP auto d30(T a) -> decltype(alignof(T) + a) { return 0; }
template <class T> KEEP auto d31(T a) -> decltype(reinterpret_cast<char *>(a)) { return 0; }
template <class T> KEEP auto d32(T *a) -> decltype(const_cast<const T *>(a)) { return a; }
template <class T> KEEP auto d33(T *a) -> decltype(dynamic_cast<const T *>(a)) { return a; }
template <class T> KEEP auto d34(T a) -> decltype("abc"[a]) { return 0; }
template <class T> KEEP auto d35(T a) -> decltype((a.*&A::field)) { return global; }
template <class T> KEEP auto d36(T a) -> decltype(1.5 + a) { return 0; }
template <class... T> KEEP auto fold1(T... a) -> decltype((a + ...)) { return (a + ...); }
template <class... T> KEEP auto fold2(T... a) -> decltype((... && a)) { return (... && a); }
template <class... T> KEEP auto fold3(T... a) -> decltype((0 + ... + a)) { return (0 + ... + a); }
template <class... T> KEEP auto fold4(T... a) -> decltype((a + ... + 1)) { return 0; }
template <class... T> KEEP std::integral_constant<int, sizeof...(T)> count(T...) { return {}; }
template <class... T> KEEP auto call(T... a) -> decltype(freeFunction2(a...));
template <int... I> KEEP void ints(std::integer_sequence<int, I...>) {}
template <int... I> KEEP void plus(std::integer_sequence<int, (I + 1)...>) {}
template <class T> KEEP std::enable_if_t<std::is_integral_v<T>, T> sfinae(T a) { return a; }
template <class T> KEEP typename std::enable_if<(sizeof(T) > 2), int>::type sfinae2(T) { return 0; }
template <class T> KEEP typename T::template rebind<int>::other dependent(T) { return {}; }
template <class T, int N> KEEP void arrayOf(T (&)[N]) {}
template <int N> KEEP void arrayPlus(int (&)[N + 1]) {}
template <class T> KEEP void noexceptOf(void (*)() noexcept(sizeof(T) > 1)) {}
template <class T>
concept Small = sizeof(T) < 9;
template <Small T> KEEP void constrained(T) {}
template <class T>
    requires Small<T> && std::copyable<T>
KEEP void required(T) {}
KEEP void autos(Small auto, auto) {}
template <class T>
KEEP void trailing(T)
    requires requires(T a) {
        a + a;
        typename T::x;
        { a } -> std::same_as<T>;
    }
{}
struct Rebinds {
    template <class T> struct rebind {
        using other = T;
    };
};
struct HasX {
    using x = int;
    HasX operator+(HasX) { return {}; }
};
template <class T> struct Con {
    KEEP void only()
        requires Small<T>
    {}
    friend KEEP void fr(Con)
        requires Small<T>
    {}
};
struct Task {
    struct promise_type {
        KEEP Task get_return_object() { return {}; }
        KEEP std::suspend_never initial_suspend() { return {}; }
        KEEP std::suspend_never final_suspend() noexcept { return {}; }
        KEEP void return_void() {}
        KEEP void unhandled_exception() {}
    };
};
struct Awaiter {
    KEEP bool await_ready() { return false; }
    KEEP void await_suspend(std::coroutine_handle<>) {}
    KEEP void await_resume() {}
};
KEEP Awaiter operator co_await(HasX) { return {}; }
KEEP Task coroutine(int i) {
    co_await std::suspend_always{};
    HasX h;
    co_await h;
}
struct Base {
    virtual ~Base() {}
    virtual Base *clone() { return this; }
    virtual void f() {}
    int b;
};
struct Other {
    virtual void g() {}
    virtual ~Other() {}
    int o;
};
struct Derived : Other, virtual Base {
    Derived *clone() override { return this; }
    void f() override {}
    ~Derived() override {}
    using Base::Base;
};
struct Most : Derived {
    void f() override {}
    Most *clone() override { return this; }
};
Most most;
struct Inherit {
    KEEP Inherit(int, std::string) {}
    template <class T> KEEP Inherit(T *) {}
    virtual ~Inherit() {}
};
struct Heir : virtual Inherit {
    using Inherit::Inherit;
    std::string s;
};
Heir heir1(1, "a");
Heir heir2((char *)0);
thread_local std::string tls = "a";
extern thread_local int etls;
int useTls() { return etls; }
inline thread_local std::vector<int> itls{1, 2};
inline std::string &inlineStatic() {
    static std::string s = "a";
    static const std::string &ref = std::string("b");
    struct Local {
        KEEP void m() {
            struct Deep {
                KEEP void d() {}
            };
            Deep().d();
        }
    };
    Local().m();
    {
        struct Local {
            KEEP void m2() {}
        };
        Local().m2();
    }
    {
        struct Local {
            KEEP void m3() {}
        };
        Local().m3();
    }
    return s;
}
template <class T> inline T &templateStatic(T t) {
    static T value = t;
    auto l = [](T a) {
        static T inside = a;
        return &inside;
    };
    l(t);
    struct L {
        KEEP void m(T) {}
    };
    L().m(t);
    return value;
}
struct Refs {
    const std::string &s;
};
inline Refs refsGlobal{std::string("temporary")};
const std::vector<std::string> &extended = std::vector<std::string>{"a"};
template <class T> inline auto variableTemplate = [](T a) { return a; };
inline auto inlineLambda = [](auto a, auto &&b, const auto &...c) { return sizeof...(c); };
auto [bindingA, bindingB] = std::pair<int, int>(1, 2);
namespace binding {
auto [ba, bb, bc] = std::tuple<int, char, std::string>(1, 'a', "s");
}
struct __attribute__((abi_tag("tagged", "twice"))) Tagged {
    KEEP Tagged() {}
    KEEP void f() {}
};
KEEP Tagged tagged() { return {}; }
KEEP void takesTagged(Tagged, Tagged *) {}
__attribute__((abi_tag("fun"))) KEEP void taggedFunction() {}
Tagged taggedVariable;
template <class F> KEEP void use(F f) { f(1); }
template <class F> KEEP auto use2(F f) { return f(1, "a", 2.0); }
KEEP void lambdas() {
    int x = 1;
    use([=](int a) { return a + x; });
    use([&](auto a) { return a + x; });
    use([](auto... a) { return sizeof...(a); });
    use([]<class T>(T a) { return a; });
    use([]<class T, int N = 3>(T a) { return a; });
    use2([](auto a, auto &&b, const auto &c) { return 1; });
    use([x](int a) mutable {
        x++;
        auto in = [x](int b) { return [b](int c) { return b + c; }(1); };
        in(a);
    });
    use(std::function<void(int)>([](int) {}));
    auto generic = [](auto a) {
        struct InGeneric {
            KEEP void m() {}
        };
        InGeneric().m();
        return [](auto b) { return b; };
    };
    generic(1)(2.0);
    use([s = std::string("a")](int) { return s.size(); });
    []<template <class...> class C, class T>(C<T>) {}(std::tuple<int>());
    []<int... I>(std::integer_sequence<int, I...>) {}(std::make_integer_sequence<int, 3>());
}
struct Members {
    std::function<int()> f = [this] { return m; };
    int m = [] { return 4; }();
    static inline auto sl = [](auto x) { return x; };
};
Members membersInstance;
enum class Scoped : unsigned char { a = 1, b = 200 };
template <Scoped S> KEEP void scoped() {}
template <class T, T V> KEEP void typed() {}
#if __cpp_explicit_this_parameter
struct Explicit {
    KEEP void self(this Explicit &, int) {}
    template <class S> KEEP void deduced(this S &&) {}
    KEEP int operator[](int, int) const { return 0; }
    static KEEP void operator()(int) {}
};
#endif
#ifdef __clang__
KEEP void blocks() {
    void (^b)(int) = ^(int) {
    };
    b(1);
}
KEEP void takesBlock(void (^)(int)) {}
KEEP void bitints(_BitInt(8), unsigned _BitInt(128)) {}
typedef int as3 __attribute__((address_space(3)));
KEEP void spaces(as3 *) {}
typedef float ev __attribute__((ext_vector_type(3)));
KEEP void ext(ev) {}
KEEP void enableIf(int a) __attribute__((enable_if(true, ""))) {}
KEEP void passObject(void *const p __attribute__((pass_object_size(0)))) {}
KEEP void overloaded(int) __attribute__((overloadable)) {}
#else
KEEP void floats(__float128) {}
void ifuncs() {}
#endif
template <class T> struct Outer {
    template <class U> struct Inner {
        template <class V> KEEP void f(T, U, V, Inner<V> *) {}
        template <class V> KEEP Inner(V) {}
        static int stat;
        struct Plain {
            KEEP void g(Outer<T>) {}
        };
        friend KEEP void friendly(Inner) {}
    };
};
template <class T> template <class U> int Outer<T>::Inner<U>::stat = 3;
KEEP void instantiate() {
    internal();
    t1(1);
    t1("a");
    t1(std::string());
    t1(A());
    t1(&A::c);
    t1(&A::field);
    t1(&freeFunction);
    t1(nullptr);
    t1(std::vector<std::vector<int>>());
    t1(std::function<void(int, char)>());
    t1(v4());
    t1([](int) {});
    int a3[3];
    t2<int &>(global, global, &global);
    t2(1, 2, &global);
    t2<const int &>(cglobal, cglobal, &cglobal);
    int(&ra)[3] = a3;
    t2<int(&)[3]>(ra, ra, &a3);
    t3(1);
    t3<const int>(1);
    t2<void (&)()>(freeFunction, freeFunction, freeFunction);
    pack();
    pack(1);
    pack(1, 'a', "s");
    packs<int, char>(1, 'a', {}, nullptr, nullptr);
    two(std::tuple<int, char>(), std::tuple<long, double>(), std::pair<int, long>(), std::pair<char, double>());
    functionsOf<int, char>((void (*)(int)) nullptr, (void (*)(char)) nullptr, (void (*)(int, char)) nullptr);
    returnsFunction(1);
    templateReturnsFunction(1);
    templateReturnsArray(1);
    templateReturnsMember((A *)nullptr);
    i<0>();
    i<-5>();
    i<2147483647>();
    u<7>();
    b<true>();
    b<false>();
    c<'a'>();
    c<'\xff'>();
    ll<-9000000000>();
    e<A::two>();
    n<nullptr>();
    s<-3>();
    ul<18446744073709551615ul>();
    any<1>();
    any<'c'>();
    any<&global>();
    any<&A::field>();
    any<&A::c>();
    any<freeFunction>();
    any<A::one>();
#if !__clang__ || __clang_major__ > 17
    any<1.5>();
#endif

#if !__clang__ || __clang_major__ > 17
    any<2.5f>();
#endif
    any<Literal{1, 2.0, nullptr}>();
    anys<1, 'a', true, nullptr>();
    anys<>();
    p<&global>();
    p<nullptr>();
    fp<freeFunction>();
    fp<nullptr>();
    mf<&A::single>();
    mp<&A::field>();
    mp<nullptr>();
    r<cglobal>();
    tt<std::tuple>();
    tt<std::vector>();
    tt2(std::vector<int>());
    literal<Literal{1, 2.5, nullptr}>();
    literal<Literal{}>();
    nestedLiteral<Nested{{1, 2, nullptr}, {3, 4}}>();
#if !__clang__ || __clang_major__ > 17
    dbl<1.25>();
#endif

#if !__clang__ || __clang_major__ > 17
    dbl<-0.0>();
#endif

#if !__clang__ || __clang_major__ > 17
    flt<3.5f>();
#endif

    d1(1);
    d2(1, 2);
    d3(std::string());
    d4(&tls);
    d5(1);
    d6(1);
    d8(1);
    d9(&global);
    d10(1);
    d11(1);
    d12(&global);
    d13(1);
    d14(&global);
    d15<std::string>();
    d16(1);
    d18(std::true_type());
    d19(std::string());
    d20(1);
    d21(1);
#if __clang__
    d23(1);
#endif
    d25(1);
    d26(1);
#if __clang__
    d27(1);
#endif
    d28(1);
    d29(&tls);
    d30(1);
    d31(&global);
    d32(&global);
    d33(&most);
    d34(1);
    d36(1);
    fold1(1, 2);
    fold2(true, false);
    fold3(1, 2);
    fold4(1, 2);
    count(1, 2);
    ints(std::make_integer_sequence<int, 3>());
    sfinae(1);
    sfinae2(1l);
    dependent(Rebinds());
    arrayOf(a3);
    arrayPlus<2>(a3);
    constrained(1);
    required(1);
    autos(1, 2);
    Con<int>().only();
    fr(Con<int>());
    inlineStatic();
    templateStatic(1);
    templateStatic(std::string());
    variableTemplate<int>(1);
    inlineLambda(1, 2, 3, 4);
    inlineLambda(1, std::string());
    lambdas();
    Members::sl(1);
    scoped<Scoped::b>();
    typed<int, 3>();
    typed<Scoped, Scoped::a>();
    typed<bool, true>();
    typed<unsigned char, 4>();
    Outer<int>::Inner<char> in(1.0);
    in.f(1, (char)2, 2l, (Outer<int>::Inner<long> *)nullptr);
    Outer<int>::Inner<char>::Plain().g({});
    friendly(in);
    Outer<int>::Inner<char>::stat++;
    A a;
    std::vector<int> vi = a;
    int *pi = a;
    a(1, "x", vi);
    a.withLambda();
    using namespace outer::inner;
    1_u;
    1.0_d;
    "a"_s;
    123_t;
    a.unnamed.in();
    itls.size();
    binding::ba++;
    noexceptOf<int>(nullptr);
    complexes({}, {});
    auto h = a.operator std::vector<std::string>();
    use(std::bind(&A::c, a));
    std::make_shared<Derived>()->f();
    try {
        throw A();
    } catch (std::tuple<A, int *> &) {
    } catch (void (*)(int)) {
    }
    t1(typeid(int[3]).name());
    t1(typeid(void(int, char)).name());
    t1(typeid(decltype(hidden)).name());
    t1(hidden);
    t1(std::make_pair(1, [] {}));
    t1(std::move(refsGlobal));
}

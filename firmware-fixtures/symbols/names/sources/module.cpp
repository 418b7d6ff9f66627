export module Foo.Bar;
export struct A {
    void f(int);
};
void A::f(int) {}
export void g(A, A *) {}
void h() {}
export template <class T> void t(T) {}
template void t(A);
export namespace ns {
struct B {
    B();
    ~B();
};
B::B() {}
B::~B() {}
} // namespace ns

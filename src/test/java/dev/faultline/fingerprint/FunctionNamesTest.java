package dev.faultline.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.faultline.symbols.demangle.Demangler;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FunctionNamesTest {
    private final FunctionNames names = new FunctionNames(
            FingerprintRules.of(FingerprintRules.packs()).names().aliases());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # C, and what GCC, LLVM and the linker make of it
            main                                    | main
            read_reading                            | read_reading
            stream_open                             | stream_open
            parse_field.constprop.0                 | parse_field
            parse_field.constprop.0.isra.1          | parse_field
            parse_field.part.3                      | parse_field
            parse_field.cold                        | parse_field
            parse_field.cold.2                      | parse_field
            parse_field.lto_priv.17                 | parse_field
            parse_field.llvm.8234723947             | parse_field
            parse_field.localalias                  | parse_field
            parse_field (.isra.0)                   | parse_field
            __radio_send_veneer                     | radio_send
            __radio_send_from_thumb                 | radio_send
            __radio_send_from_arm                   | radio_send
            __aeabi_memcpy                          | memcpy
            __aeabi_memcpy4                         | memcpy
            __aeabi_memclr8                         | memset
            __memcpy_ssse3                          | memcpy
            __memmove_avx_unaligned_erms            | memmove
            memcpy_nano                             | memcpy
            __strlen_avx2                           | strlen
            __memcpy_chk                            | memcpy
            __vsnprintf_chk                         | vsnprintf
            __GI_raise                              | raise
            __GI___libc_free                        | free
            _malloc_r                               | malloc
            _vfiprintf_r                            | vfprintf
            siprintf                                | sprintf
            # C++
            Queue::put(int)                         | Queue::put
            Queue::put(int, char const*) const      | Queue::put
            Queue::put(int) const &                 | Queue::put
            Queue::put(void (*)(int, char)) &&      | Queue::put
            void Queue<int>::put<char>(char)        | Queue<T>::put<T>
            std::vector<int, std::allocator<int> >::push_back(int&&) | std::vector<T>::push_back
            std::map<A, B<C, D<E> > >::at(A const&) const [clone .isra.0] | std::map<T>::at
            (anonymous namespace)::poll(int)        | (anonymous namespace)::poll
            radio::{anonymous}::poll                | radio::(anonymous namespace)::poll
            `anonymous namespace'::poll             | (anonymous namespace)::poll
            run()::{lambda(int)#2}::operator()(int) const | run::$::operator()
            run()::'lambda0'(int)::operator()(int) const  | run::$::operator()
            run()::$_12::operator()(int) const      | run::$::operator()
            ns::run(int)::{lambda({lambda(int)#1})#2}::operator()(int) | ns::run::$::operator()
            operator new(unsigned int)              | operator.new
            operator new[](unsigned int)            | operator.new[]
            operator delete(void*, unsigned int)    | operator.delete
            Foo::operator bool() const              | Foo::operator.bool
            Foo::operator unsigned int()            | Foo::operator.unsigned.int
            Foo::operator[](int)                    | Foo::operator[]
            Foo::operator->() const                 | Foo::operator->
            Foo::operator<=(Foo const&)             | Foo::operator<=
            bool operator< <int>(A<int> const&)     | operator<<T>
            std::ostream& std::operator<< <std::char_traits<char> >(std::ostream&, char) | std::operator<<<T>
            virtual thunk to Foo::bar()             | Foo::bar
            non-virtual thunk to Foo::~Foo()        | Foo::~Foo
            name[abi:cxx11](int)                    | name
            Array<(3>2)>::get()                     | Array<T>::get
            decltype(x) apply<int>(bar)             | apply<T>
            char *text(int)                         | text
            operator_name(int)                      | operator_name
            # Rust
            core::panicking::panic_fmt::h0123456789abcdef  | core::panicking::panic_fmt
            app::main::{{closure}}::h0123456789abcdef      | app::main::{{closure}}
            app::main::{closure#3}                         | app::main::{{closure}}
            app[0123abcd]::radio::{impl#2}::send           | app::radio::{impl}::send
            app[0123abcd]::radio::send::<u32>              | app::radio::send<T>
            <alloc::vec::Vec<T,A> as core::ops::drop::Drop>::drop::h0123456789abcdef | <alloc::vec::Vec<T> as core::ops::drop::Drop>::drop
            core::ptr::<impl Foo for Bar<u8>>::baz         | core::ptr::<impl Foo for Bar<T>>::baz
            alloc::vec::Vec<u8>::push                      | alloc::vec::Vec<T>::push
            _ZN4core9panicking5panic17h0123456789abcdefE   | _ZN4core9panicking5panicE
            # others
            -[Radio send:to:]                              | -[Radio send:to:]
            main.(*Server).run                             | main.(*Server).run
            """)
    void aNameLosesWhatDoesNotChangeTheFunction(String name, String normal) {
        assertThat(names.normal(name, null)).isEqualTo(normal);
    }

    /** The linker's name, demangled with parameters and result, and the name that debugging information alone gives. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # C++
            _ZN3net4wire6Packet2ofEj                | net::wire::Packet::of
            _ZNK3net4wire6Packet3sumEv              | net::wire::Packet::sum
            _Z5twiceIjET_S0_                        | twice<unsigned int>
            _ZN12_GLOBAL__N_13mixEj                 | (anonymous namespace)::mix
            _ZN5QueueIiE3putIcEEvT_                 | Queue<int>::put<char>
            _ZN5QueueD1Ev                           | Queue::~Queue
            _ZN5QueueC2ERKS_                        | Queue::Queue
            _ZNSt6vectorIiSaIiEE9push_backEOi       | std::vector<int, std::allocator<int> >::push_back
            _ZN3FoocvbEv                            | Foo::operator bool
            _ZN3FooixEi                             | Foo::operator[]
            _ZN3FooclEii                            | Foo::operator()
            _ZltI1AEbRKT_S3_                        | operator< <A>
            _Znwj                                   | operator new
            _ZdlPvj                                 | operator delete
            _Zli3_kmy                               | operator"" _km
            _ZZ3runvENKUlvE_clEv                    | run()::<lambda()>::operator()
            _ZThn8_N3Foo3barEv                      | Foo::bar
            _Z5applyPFivE                           | apply
            _ZN3Foo3barB5cxx11Ev                    | Foo::bar[abi:cxx11]
            _Z4pickIiEDTcl4pickfp_EET_              | pick<int>
            _Z6handlePFPFivEcE                      | handle
            _ZNO3Foo4takeEv                         | Foo::take
            # Rust
            _ZN3app5radio4send17h0123456789abcdefE  | app::radio::send
            _ZN3app4main28_$u7b$$u7b$closure$u7d$$u7d$17h0123456789abcdefE | app::main::{closure_env#0}
            _ZN64_$LT$alloc..vec..Vec$LT$T$C$A$GT$$u20$as$u20$core..ops..Drop$GT$4drop17h0123456789abcdefE | <alloc::vec::Vec<u8, alloc::alloc::Global> as core::ops::Drop>::drop
            _RNvNtCs1234_7mycrate3foo3bar           | mycrate::foo::bar
            _RINvNtCs1234_7mycrate3foo3bazmE        | mycrate::foo::baz<u32>
            """)
    void aDemangledNameIsTheNameWithoutItsParameters(String linkageName, String qualified) {
        String demangled = Demangler.demangle(linkageName).orElseThrow();
        String file = linkageName.startsWith("_R") ? "src/foo.rs" : null;

        assertThat(names.normal(demangled, file)).as(demangled).isEqualTo(names.normal(qualified, file));
    }

    @Test
    void aResultLongerThanAnyNameDoesNotHideTheName() {
        String type = "std::vector<" + "std::pair<int, std::basic_string<char> >, ".repeat(60) + "int>";

        assertThat(names.normal(type + " radio::parse<int>(" + type + " const&)", null))
                .isEqualTo("radio::parse<T>");
    }

    @ParameterizedTest
    @CsvSource({"'()','()'", "'<>','<>'", "'   ','   '"})
    void aNameWithNothingInItStaysSomething(String name, String unused) {
        assertThat(names.normal("x" + name, null)).isNotBlank();
    }

    @Property
    void normalisingTwiceIsNormalisingOnce(@ForAll("hostile") String name, @ForAll boolean rust) {
        String file = rust ? "main.rs" : null;
        String once = names.normal(name, file);
        assertThat(names.normal(once, file)).isEqualTo(once);
    }

    @Property
    void aNormalNameFitsOnOneLine(@ForAll String name) {
        String normal = names.normal(name, null);
        assertThat(normal.length()).isLessThanOrEqualTo(FunctionNames.LENGTH + 16);
        assertThat(normal.chars()).noneMatch(Character::isISOControl);
    }

    /** Pieces that the rules look for, in any order: far more telling than random letters. */
    @Provide
    Arbitrary<String> hostile() {
        return Arbitraries.of(
                        "foo",
                        "::",
                        "<",
                        ">",
                        "(",
                        ")",
                        " ",
                        "operator",
                        "{lambda(int)#1}",
                        "$_3",
                        "'lambda'",
                        ".isra.0",
                        ".cold",
                        "{closure#1}",
                        "{{closure}}",
                        "<impl ",
                        " as ",
                        "::h0123456789abcdef",
                        "const",
                        "&",
                        "[abi:cxx11]",
                        "(anonymous namespace)",
                        "`anonymous namespace'",
                        "__GI_",
                        "__aeabi_memcpy4",
                        "_veneer",
                        "__",
                        "*",
                        "~",
                        "[clone .part.1]",
                        "new",
                        "[]",
                        "\"\"",
                        "-[",
                        "{impl#3}",
                        "[0123abcd]",
                        ",",
                        "-",
                        "\0",
                        "T",
                        ".",
                        "_chk",
                        "_r",
                        "i",
                        "printf")
                .list()
                .ofMaxSize(14)
                .map(parts -> String.join("", parts));
    }
}

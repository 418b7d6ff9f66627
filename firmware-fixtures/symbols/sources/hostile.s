# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Debugging information that means harm, one kind per VARIANT: 1 origins in a circle, 2 numbers without end, 3 nothing but
# ends of entries, 4 entries in entries in entries, 5 a form that says the form follows, again and again, 6 a unit of
# 64-bit DWARF longer than the file, 7 a reserved length, 8 an origin that points outside, 9 more ranges than bytes.
# `alive` is in the symbol table in any case.

    .text
    .globl _start
    .type _start, @function
_start:
    call alive
    hlt
    .size _start, . - _start
    .globl alive
    .type alive, @function
alive:
    .rept 16
    nop
    .endr
    .size alive, . - alive

    .section .debug_abbrev, "", @progbits
    .uleb128 1, 0x11
    .byte 1
    .uleb128 0x03, 0x08
    .uleb128 0x11, 0x01
    .uleb128 0x12, 0x07
    .uleb128 0, 0
    .uleb128 2, 0x2e # a subprogram with an origin
    .byte 0
    .uleb128 0x31, 0x13
    .uleb128 0x11, 0x01
    .uleb128 0x12, 0x07
    .uleb128 0, 0
    .uleb128 3, 0x0b # a lexical block
    .byte 1
    .uleb128 0x11, 0x01
    .uleb128 0x12, 0x07
    .uleb128 0, 0
    .uleb128 4, 0x2e # a subprogram whose name has an indirect form
    .byte 0
    .uleb128 0x03, 0x16
    .uleb128 0x11, 0x01
    .uleb128 0x12, 0x07
    .uleb128 0, 0
    .uleb128 5, 0x2e # a subprogram with ranges
    .byte 0
    .uleb128 0x03, 0x08
    .uleb128 0x55, 0x17
    .uleb128 0, 0
    .uleb128 0

    .section .debug_info, "", @progbits
unit:
.if VARIANT == 6
    .long 0xffffffff
    .quad 0x7ffffffffffffff0
.elseif VARIANT == 7
    .long 0xfffffff5
.else
    .long info_end - info_start
.endif
info_start:
    .short 4
.if VARIANT == 6
    .quad .debug_abbrev
.else
    .long .debug_abbrev
.endif
    .byte 8
    .uleb128 1
    .asciz "hostile.s"
    .quad _start
    .quad 0x100
.if VARIANT == 1
one:
    .uleb128 2
    .long two - unit
    .quad alive, 16
two:
    .uleb128 2
    .long three - unit
    .quad alive, 16
three:
    .uleb128 2
    .long one - unit
    .quad alive, 16
    .uleb128 2
    .long . - unit - 1
    .quad alive, 16
.elseif VARIANT == 2
    .rept 2000
    .byte 0xff
    .endr
.elseif VARIANT == 3
    .rept 30000
    .byte 0
    .endr
.elseif VARIANT == 4
    .rept 1800
    .uleb128 3
    .quad alive, 16
    .endr
.elseif VARIANT == 5
    .uleb128 4
    .rept 20000
    .uleb128 0x16
    .endr
.elseif VARIANT == 8
    .uleb128 2
    .long 0xfffffff0
    .quad alive, 16
.elseif VARIANT == 9
    .uleb128 5
    .asciz "everywhere"
    .long .debug_ranges
.endif
    .uleb128 0
info_end:

.if VARIANT == 9
    .section .debug_ranges, "", @progbits
    .rept 1500
    .quad 1, -2
    .endr
.endif

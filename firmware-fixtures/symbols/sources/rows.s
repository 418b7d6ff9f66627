# SPDX-License-Identifier: Apache-2.0
# Copyright the Faultline authors
#
# Line programs that compilers and linkers leave behind, written by hand for x86-64 because the assembler only makes orderly
# ones. DWARF 4, one unit, files 1 rows.c and 2 other.c; what was discarded has the address 0. With ORDERLY the same without
# anything to mistake: nothing discarded, each sequence ended before the next begins.

    .section .text.first, "ax"
    .globl first
    .type first, @function
first:
    .rept 16
    nop
    .endr
    .size first, . - first
    .skip 16, 0xcc
    .globl second
    .type second, @function
second:
    .rept 32
    nop
    .endr
    .size second, . - second
    .globl third
    .type third, @function
third:
    .rept 16
    nop
    .endr
    .size third, . - third
    .globl _start
    .type _start, @function
_start:
    hlt
    .size _start, . - _start

    .macro function name, start, end, line
    .uleb128 2
    .asciz "\name"
    .byte 1, \line
    .quad \start
    .quad \end - \start
    .endm

    .section .debug_abbrev, "", @progbits
    .uleb128 1, 0x11 # DW_TAG_compile_unit
    .byte 1
    .uleb128 0x03, 0x08 # DW_AT_name, DW_FORM_string
    .uleb128 0x1b, 0x08 # DW_AT_comp_dir
    .uleb128 0x10, 0x17 # DW_AT_stmt_list, DW_FORM_sec_offset
    .uleb128 0x55, 0x17 # DW_AT_ranges
    .uleb128 0x11, 0x01 # DW_AT_low_pc
    .uleb128 0x13, 0x0b # DW_AT_language
    .uleb128 0, 0
    .uleb128 2, 0x2e # DW_TAG_subprogram
    .byte 0
    .uleb128 0x03, 0x08 # DW_AT_name
    .uleb128 0x3a, 0x0b # DW_AT_decl_file
    .uleb128 0x3b, 0x0b # DW_AT_decl_line
    .uleb128 0x11, 0x01 # DW_AT_low_pc
    .uleb128 0x12, 0x07 # DW_AT_high_pc, DW_FORM_data8
    .uleb128 0, 0
    .uleb128 0

    .section .debug_info, "", @progbits
    .long info_end - info_start
info_start:
    .short 4
    .long .debug_abbrev
    .byte 8
    .uleb128 1
    .asciz "rows.c"
    .asciz "/fixture/sources"
    .long .debug_line
    .long .debug_ranges
    .quad 0
    .byte 0x0c # DW_LANG_C99
    function first, first, first + 16, 10
    function second, second, second + 32, 20
    function third, third, third + 16, 30
.ifndef ORDERLY
    # discarded, and larger than all that is there
    function ghost, 0, 0x500000, 90
.endif
    .uleb128 0
info_end:

    .section .debug_ranges, "", @progbits
    .quad first, first + 16
    .quad second, third + 16
    .quad 0, 0

    .macro set_address address
    .byte 0
    .uleb128 9
    .byte 2
    .quad \address
    .endm
    .macro end_sequence
    .byte 0, 1, 1
    .endm
    # advance the address, set the line, append a row
    .macro row advance, lines
    .byte 2
    .uleb128 \advance
    .byte 3
    .sleb128 \lines
    .byte 1
    .endm

    .section .debug_line, "", @progbits
    .long line_end - line_start
line_start:
    .short 4
    .long header_end - header_start
header_start:
    .byte 1, 1, 1, -5, 14, 13
    .byte 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1
    .byte 0 # no directories
    .asciz "rows.c"
    .uleb128 0, 0, 0
    .asciz "other.c"
    .uleb128 0, 0, 0
    .byte 0
header_end:
.ifndef ORDERLY
    # a dead sequence in whose middle the address is set back: it may not swallow its end and what follows
    set_address 0
    row 0, 89
    row 8, 1
    row 0x60, 1
    set_address 0
    row 0, 1
    row 16, 1
    end_sequence
    # an empty sequence at a live address
    set_address first
    end_sequence
.endif
    # first: two rows of one address, the last one counts; line 0: the compiler says that no line fits
    set_address first
    row 0, 9 # 10
    row 4, 1 # 11
    row 0, 1 # 12
    row 4, -12 # 0
    row 4, 13 # 13
    .byte 2
    .uleb128 4
    end_sequence
    # second: rows that do not ascend, as after a second set_address without an end
    set_address second + 16
    row 0, 24 # 25
    row 8, 1 # 26
    row 8, 1 # 27, of no instruction: here ends what the row before covers
.ifdef ORDERLY
    end_sequence
    set_address second
    row 0, 20 # 21
.else
    set_address second
    row 0, -6 # 21
.endif
    row 8, 1 # 22
    .byte 2
    .uleb128 8
    end_sequence
    # third; the last row goes on far behind its end
    set_address third
    .byte 4
    .uleb128 2
    row 0, 29 # 30, other.c
    row 8, 1 # 31
    .byte 2
.ifdef ORDERLY
    .uleb128 8
.else
    .uleb128 0x20
.endif
    end_sequence
line_end:

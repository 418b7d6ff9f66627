@ SPDX-License-Identifier: Apache-2.0
@ Copyright the Faultline authors
@
@ One function for each unwind instruction of EHABI32: by directives where the assembler has one, else as raw bytes.
    .syntax unified
    .arch armv7e-m
    .fpu fpv5-d16
    .thumb

    .macro function name
    .section .text.\name, "ax"
    .global \name
    .type \name, %function
    .thumb_func
\name:
    .fnstart
    .endm

    .macro end name
    bx lr
    nop
    .fnend
    .size \name, . - \name
    .endm

    function save_few              @ pop r4-r7, lr: 10101nnn
    .save {r4-r7, lr}
    push {r4-r7, lr}
    end save_few

    function save_without_lr       @ 10100nnn
    .save {r4-r6}
    push {r4-r6}
    end save_without_lr

    function save_scattered        @ 1000iiii iiiiiiii
    .save {r4, r6, r8, r11, lr}
    push {r4, r6, r8, r11, lr}
    end save_scattered

    function save_arguments        @ 10110001 0000iiii
    .save {r0-r3}
    push {r0-r3}
    .save {r4, lr}
    push {r4, lr}
    end save_arguments

    function pad_small             @ 00xxxxxx
    .save {r4, lr}
    push {r4, lr}
    .pad #24
    sub sp, #24
    end pad_small

    function pad_twice             @ 00xxxxxx 00xxxxxx
    .pad #400
    sub sp, #400
    end pad_twice

    function pad_large             @ 10110010 uleb128
    .save {r4, lr}
    push {r4, lr}
    .pad #4096
    sub sp, #4096
    end pad_large

    function frame_pointer         @ 1001nnnn, 01xxxxxx
    .save {r4, r7, lr}
    push {r4, r7, lr}
    .setfp r7, sp, #8
    add r7, sp, #8
    .pad #64
    sub sp, #64
    end frame_pointer

    function save_doubles          @ 11010nnn
    .vsave {d8-d11}
    vpush {d8-d11}
    .save {r4, lr}
    push {r4, lr}
    end save_doubles

    function save_low_doubles      @ 11001001 sssscccc
    .vsave {d2-d5}
    vpush {d2-d5}
    end save_low_doubles

    function save_doubles_x        @ 10111nnn
    .unwind_raw 28, 0xba
    nop
    end save_doubles_x

    function save_low_doubles_x    @ 10110011 sssscccc
    .unwind_raw 20, 0xb3, 0x11
    nop
    end save_low_doubles_x

    function save_high_doubles     @ 11001000 sssscccc
    .unwind_raw 16, 0xc8, 0x21
    nop
    end save_high_doubles

    function save_wireless         @ 11000nnn
    .unwind_raw 24, 0xc2
    nop
    end save_wireless

    function save_wireless_range   @ 11000110 sssscccc
    .unwind_raw 16, 0xc6, 0x21
    nop
    end save_wireless_range

    function save_wireless_control @ 11000111 0000iiii
    .unwind_raw 8, 0xc7, 0x05
    nop
    end save_wireless_control

    function authenticated         @ 10110100: the code lies above what was pushed before it
    .unwind_raw 12, 0xb4, 0x84, 0x01
    nop
    end authenticated

    function return_from_stack     @ r15 out of the stack
    .unwind_raw 12, 0x88, 0x01
    nop
    end return_from_stack

    function other_stack           @ sp out of the stack
    .unwind_raw 16, 0x86, 0x08
    nop
    end other_stack

    function through_popped        @ pop r7, vsp = r7, pop lr
    .unwind_raw 8, 0x80, 0x08, 0x97, 0x84, 0x00
    nop
    end through_popped

    function refuses               @ 10000000 00000000
    .unwind_raw 0, 0x80, 0x00
    nop
    end refuses

    function spare                 @ 10110111
    .unwind_raw 0, 0xb7
    nop
    end spare

    function many_instructions     @ personality routine 1
    .vsave {d8}
    vpush {d8}
    .save {r0-r2}
    push {r0-r2}
    .save {r4, r6, lr}
    push {r4, r6, lr}
    .pad #300
    sub sp, #300
    .personalityindex 1
    end many_instructions

    function nothing_saved
    nop
    end nothing_saved

    function thread_begins         @ EXIDX_CANTUNWIND
    .cantunwind
    nop
    end thread_begins

    function outside
    .save {r4, lr}
    push {r4, lr}
    pop {r4, pc}
    end outside

    .section .text._start, "ax"
    .global _start
    .type _start, %function
    .thumb_func
_start:
    .fnstart
    .cantunwind
    bl program
    b .
    .fnend
    .size _start, . - _start

    .section .text.stubs, "ax"
    .irp name, __gxx_personality_v0, __cxa_begin_catch, __cxa_end_catch, __cxa_end_cleanup, __cxa_throw, __cxa_allocate_exception, __cxa_call_unexpected, __aeabi_unwind_cpp_pr0, __aeabi_unwind_cpp_pr1, __aeabi_unwind_cpp_pr2, __cxa_call_terminate, _ZSt9terminatev
    .weak \name
    .type \name, %function
    .thumb_func
\name:
    bx lr
    .endr

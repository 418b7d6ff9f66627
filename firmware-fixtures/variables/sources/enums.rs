// SPDX-License-Identifier: Apache-2.0
// Copyright the Faultline authors
//! Variables of the types that Rust has, in a program that needs no library and ends in a trap.
#![no_std]
#![no_main]

use core::panic::PanicInfo;

#[derive(Clone, Copy)]
pub enum Plain {
    First,
    Second,
}

#[derive(Clone, Copy)]
pub enum Shape {
    Nothing,
    Circle(f32),
    Rectangle { width: u16, height: u16 },
    Tagged(u8, Plain),
}

#[allow(dead_code)] // looked at in the core alone
#[derive(Clone, Copy)]
pub struct Pair(i8, u64);

pub struct Owner<'a> {
    name: &'a str,
    shapes: [Shape; 4],
    slice: &'a [i32],
    option: Option<&'a Pair>,
    none: Option<&'a Pair>,
    number: Option<u32>,
    unit: (),
    tuple: (bool, char),
}

static NUMBERS: [i32; 3] = [1, -2, 3];
static PAIR: Pair = Pair(-8, 88);

#[inline(never)]
fn crash(owner: &Owner, result: Result<u8, Plain>) -> u32 {
    let plain = Plain::Second;
    let length = owner.slice.len();
    let failed: Result<u8, Plain> = Err(plain);
    if length == 3 && result.is_ok() && failed.is_err() {
        unsafe { core::arch::asm!("ud2") }
    }
    owner.unit;
    owner.tuple.1 as u32
}

#[no_mangle]
pub extern "C" fn start() -> ! {
    let owner = Owner {
        name: "fleet",
        shapes: [Shape::Nothing, Shape::Circle(1.5), Shape::Rectangle { width: 3, height: 4 }, Shape::Tagged(9, Plain::First)],
        slice: &NUMBERS,
        option: Some(&PAIR),
        none: None,
        number: Some(77),
        unit: (),
        tuple: (true, '€'),
    };
    let first = owner.shapes[0];
    let code = crash(&owner, Ok(200));
    core::hint::black_box((first, owner.name, owner.option, owner.none, owner.number, code));
    loop {}
}

core::arch::global_asm!(".globl _start", "_start:", "andq $-16, %rsp", "call start", options(att_syntax));

#[no_mangle]
unsafe extern "C" fn memcpy(to: *mut u8, from: *const u8, size: usize) -> *mut u8 {
    for i in 0..size {
        *to.add(i) = *from.add(i);
    }
    to
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {}
}

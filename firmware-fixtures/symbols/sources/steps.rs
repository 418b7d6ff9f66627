// SPDX-License-Identifier: Apache-2.0
// Copyright the Faultline authors

// Rust without its library: traits, generics, closures, inlined calls, a module.

#![no_std]
#![no_main]

use core::panic::PanicInfo;
use core::ptr::{read_volatile, write_volatile};

static mut SINK: u32 = 0;

fn put(value: u32) {
    unsafe { write_volatile(&raw mut SINK, value) }
}

fn get() -> u32 {
    unsafe { read_volatile(&raw const SINK) }
}

mod sensor {
    pub trait Source {
        fn sample(&self, at: u32) -> u32;
    }

    pub struct Ramp {
        pub slope: u32,
    }

    pub struct Noise;

    impl Source for Ramp {
        #[inline(never)]
        fn sample(&self, at: u32) -> u32 {
            super::put(at);
            self.slope.wrapping_mul(at)
        }
    }

    impl Source for Noise {
        #[inline(never)]
        fn sample(&self, at: u32) -> u32 {
            at.rotate_left(7) ^ super::get()
        }
    }

    #[inline(never)]
    pub fn total<S: Source>(source: &S, count: u32) -> u32 {
        (0..count).map(|at| source.sample(at)).fold(0, |sum, value| sum.wrapping_add(value))
    }
}

#[inline(never)]
fn apply<F: Fn(u32) -> u32>(change: F, value: u32) -> u32 {
    change(value).wrapping_add(change(value ^ 1))
}

#[no_mangle]
pub extern "C" fn _start() -> ! {
    let ramp = sensor::total(&sensor::Ramp { slope: get() }, 4);
    let noise = sensor::total(&sensor::Noise, 3);
    let base = get();
    put(apply(|value| value.wrapping_mul(base) + 1, ramp ^ noise));
    loop {}
}

#[panic_handler]
fn panic(_: &PanicInfo) -> ! {
    loop {}
}

#![feature(adt_const_params, unsized_const_params, f128, f16)]
#![allow(incomplete_features, dead_code)]
use std::marker::ConstParamTy;
#[derive(PartialEq, Eq, ConstParamTy, Debug)]
pub struct P {
    x: i32,
    y: (bool, char),
}
#[derive(PartialEq, Eq, ConstParamTy, Debug)]
pub enum E {
    A,
    B(u8),
    C { z: char },
}
#[inline(never)]
fn s<const S: &'static str>() -> usize {
    S.len()
}
#[inline(never)]
fn p<const V: P>() -> i32 {
    V.x
}
#[inline(never)]
fn e<const V: E>() -> i32 {
    match V {
        E::A => 1,
        E::B(x) => x as i32,
        E::C { z } => z as i32,
    }
}
#[inline(never)]
fn a<const V: [u8; 3]>() -> u8 {
    V[0]
}
#[inline(never)]
fn t<const V: (u8, bool)>() -> u8 {
    V.0
}
#[inline(never)]
fn r<const V: &'static [i16]>() -> usize {
    V.len()
}
#[inline(never)]
fn z<T>(_: T) {}
fn main() {
    println!("{}", s::<"hello \"w\" \n∂é">() + s::<"">());
    println!(
        "{}",
        p::<{ P { x: -3, y: (true, 'a') } }>() + p::<{ P { x: 3, y: (false, 'b') } }>()
    );
    println!(
        "{}",
        e::<{ E::A }>() + e::<{ E::B(200) }>() + e::<{ E::C { z: 'q' } }>()
    );
    println!(
        "{}{}{}",
        a::<{ [1, 2, 3] }>(),
        t::<{ (1, false) }>(),
        r::<{ &[1, -2] }>()
    );
    z(1f128);
    z(1f16);
}

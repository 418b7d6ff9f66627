#![allow(dead_code, unused, uncommon_codepoints, mixed_script_confusables)]
use std::collections::{BTreeMap, HashMap};
use std::fmt::{Debug, Display};
pub trait Shape {
    fn area(&self) -> f64;
    fn name(&self) -> String {
        "shape".to_string()
    }
}
pub struct Circle<const N: usize>(f64);
pub struct Wrapper<T, const B: bool, const C: char>(T);
impl<const N: usize> Shape for Circle<N> {
    #[inline(never)]
    fn area(&self) -> f64 {
        self.0 * N as f64
    }
}
impl<T: Debug, const B: bool, const C: char> Wrapper<T, B, C> {
    #[inline(never)]
    pub fn show(&self) -> String {
        format!("{:?}{}{}", self.0, B, C)
    }
}
pub struct Neg<const I: i32, const U: u64, const S: i8>;
impl<const I: i32, const U: u64, const S: i8> Neg<I, U, S> {
    #[inline(never)]
    pub fn go(&self) -> i64 {
        I as i64 + U as i64 + S as i64
    }
}
mod gödel {
    pub mod escher {
        #[inline(never)]
        pub fn bach() -> u8 {
            1
        }
        #[inline(never)]
        pub fn 铁锈<T: Default>() -> T {
            T::default()
        }
    }
}
#[inline(never)]
fn takes<T>(t: T) -> usize {
    std::mem::size_of_val(&t)
}
#[inline(never)]
fn dynf(f: &dyn Fn(&str) -> String) -> String {
    f("a")
}
#[inline(never)]
fn gen<'a, F>(f: F) -> usize
where
    F: for<'b> Fn(&'b u8, &'a u16) -> &'b u8,
{
    let x = 1u8;
    let y: &'a u16 = &5;
    *f(&x, y) as usize
}
#[inline(never)]
unsafe extern "C" fn cfn(a: i32) -> i32 {
    a
}
#[inline(never)]
extern "system" fn sfn(a: i32) -> i32 {
    a
}
pub struct Unit;
impl Iterator for Unit {
    type Item = [u8; 3];
    fn next(&mut self) -> Option<[u8; 3]> {
        None
    }
}
#[inline(never)]
fn itr(i: &mut dyn Iterator<Item = [u8; 3]>) -> usize {
    i.count()
}
static mut COUNTER: u32 = 0;
thread_local! { static TL: std::cell::RefCell<Vec<u32>> = std::cell::RefCell::new(vec![]); }
async fn fut(x: u32) -> u32 {
    x + 1
}
macro_rules! many { ($($t:ty),*) => { $( println!("{}", takes::<$t>(unsafe { std::mem::zeroed() })); )* } }
pub fn main() {
    println!("{}", Circle::<3>(1.0).area() + Circle::<300000>(2.0).area());
    let s: Box<dyn Shape> = Box::new(Circle::<7>(1.0));
    println!("{}{}", s.area(), s.name());
    println!("{}", Wrapper::<_, true, 'x'>(1u8).show());
    println!("{}", Wrapper::<_, false, '\n'>("a").show());
    println!("{}", Wrapper::<_, false, '∂'>(vec![1u8]).show());
    println!("{}", Wrapper::<_, false, '\''>((1u8,)).show());
    println!("{}", Neg::<-5, 18446744073709551615, -128>.go());
    println!("{}", Neg::<0, 0, 0>.go());
    println!("{}{}", gödel::escher::bach(), gödel::escher::铁锈::<u16>());
    many!(i8, i16, i32, i64, i128, isize, u8, u16, u32, u64, u128, usize, f32, f64, bool, char, (), (u8,), (u8, u16), [u8; 4], [[u8; 2]; 3], Option<u8>, *const u8, *mut u8, Option<fn()>, Option<fn(u8) -> u8>, Option<unsafe extern "C" fn(i32) -> i32>, Option<extern "system" fn()>, Option<for<'a> fn(&'a u8) -> &'a u8>, Option<&'static str>, Option<&'static [u8]>, Option<&'static mut u8>, Option<Box<dyn Shape>>, Option<Box<dyn Shape + Send + Sync>>, Option<Box<dyn Fn(u8) -> u8>>, Option<Box<dyn for<'a> Fn(&'a u8, &'a dyn for<'b> Fn(&'b u8)) -> &'a u8>>, Option<Box<dyn Iterator<Item = u8> + Send>>, Option<Box<dyn std::any::Any + 'static>>, HashMap<u8, Vec<String>>, Option<extern "C" fn(*const std::ffi::c_void, ...) -> i32>);
    many!(Option<for<'a, 'b, 'c> fn(&'a u8, &'b u8, &'c mut (dyn Fn(&'a u8) + 'b))>);
    let base = 5;
    println!(
        "{}",
        dynf(&|x| {
            let inner = |y: u32| y + base;
            format!("{}{}", x, inner(3))
        })
    );
    println!("{}", gen(|a, _| a));
    println!("{}", unsafe { cfn(1) } + sfn(3));
    println!("{}", itr(&mut Unit));
    TL.with(|t| t.borrow_mut().push(1));
    let _ = Box::pin(fut(3));
    let f: fn(u8) -> Option<u8> = Some;
    println!("{:?}", [1u8, 2].iter().map(|x| f(*x)).collect::<Vec<_>>());
    let mut m: BTreeMap<String, Vec<Box<dyn Display>>> = BTreeMap::new();
    m.insert("a".into(), vec![Box::new(1)]);
    for (k, v) in &m {
        println!("{} {}", k, v.len());
    }
    let j = std::thread::spawn(move || base + 1).join();
    println!("{:?}", j);
}

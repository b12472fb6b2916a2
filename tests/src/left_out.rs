//! Tests that this machine has not what they need for. They end without a failure, so they say so themselves; `cargo xtask test`
//! counts and names them apart from those that passed.

use std::fs::OpenOptions;
use std::io::Write;
use std::thread;

/// The file in which they are listed, a line each: the name of the test, a tab, and what is missing.
const LIST: &str = "FORMWORK_LEFT_OUT";

/// Says that the test at hand did not do what it is for, and why.
pub fn left_out(why: &str) {
    eprintln!("left out: {why}");
    let Some(list) = std::env::var_os(LIST) else { return };
    // The thread of a test has its name.
    let name = thread::current().name().unwrap_or("a test without a name").to_owned();
    let mut list = OpenOptions::new().create(true).append(true).open(list).expect("the list can be written");
    // In one piece: others may write at the same time.
    list.write_all(format!("{name}\t{why}\n").as_bytes()).expect("the list can be written");
}

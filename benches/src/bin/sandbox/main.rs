//! What `daxsign-exchange sandbox` and the client in Rust do together, for `benches/sandbox`: operations of many kinds, so many
//! at once, and all card owners page by page. The sandbox, with the exchange and both stand-ins for an Alliera, is one process,
//! the client this one: they speak HTTPS, requests and answers are signed, and both sides verify.
//!
//! ```text
//! sandbox PROGRAM FOLDER mix SECONDS AT-ONCE
//! sandbox PROGRAM FOLDER pages FEW MANY
//! ```

mod mix;
mod office;
mod pages;
mod process;
mod sandbox;
mod told;

use std::path::Path;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<u32>().expect("a number");
    let [program, folder, ref rest @ ..] = words[..] else {
        panic!("see benches/sandbox")
    };
    let place = sandbox::Place {
        program: Path::new(program),
        folder: Path::new(folder),
    };
    match *rest {
        ["mix", seconds, at_once] => mix::measure(&place, number(seconds), number(at_once)),
        ["pages", few, many] => pages::measure(&place, number(few), number(many)),
        _ => panic!("see benches/sandbox"),
    }
}

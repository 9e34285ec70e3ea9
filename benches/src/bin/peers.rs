//! Measures daxsign beside its peers, alternately in one process, and prints one line each:
//! operation, peer, and the peer's time over ours (above 1: we are faster).

use std::process::ExitCode;

use daxsign_benches::{launch, table};

const USAGE: &str = "usage: peers [--json | --table]
--json   prints the run as one JSON object
--table  writes it into benches/README.md";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments[..] {
        [] => launch::measure().map(|run| print!("{}", run.lines())),
        ["--json"] => launch::measure().map(|run| println!("{}", run.to_json())),
        ["--table"] => write_table(),
        ["--help"] => {
            println!("{USAGE}");
            Ok(())
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    if let Err(why) = result {
        eprintln!("peers: {why}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn write_table() -> Result<(), String> {
    let run = launch::measure()?;
    let file = launch::folder().join("README.md");
    let failed = |error: std::io::Error| format!("{}: {error}", file.display());
    let document = std::fs::read_to_string(&file).map_err(failed)?;
    let document = table::replace(&document, "peers", &run.markdown())?;
    std::fs::write(&file, document).map_err(failed)?;
    print!("{}", run.lines());
    Ok(())
}

//! Makes a page with plots, `report/index.html` in cargo's target folder: of the run in a file that
//! `peers --json` printed, or of a new run.

use std::process::ExitCode;

use daxsign_benches::run::Run;
use daxsign_benches::{launch, page};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let run = match &arguments[..] {
        [] => launch::measure(),
        [file] if !file.starts_with('-') => std::fs::read_to_string(file)
            .map_err(|error| error.to_string())
            .and_then(|json| Run::from_json(&json))
            .map_err(|why| format!("{file}: {why}")),
        _ => {
            eprintln!(
                "usage: report [FILE]\nFILE   what `peers --json` printed; else it is measured"
            );
            return ExitCode::from(2);
        }
    };
    if let Err(why) = run.and_then(|run| write(&run)) {
        eprintln!("report: {why}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn write(run: &Run) -> Result<(), String> {
    let folder = launch::target_folder()?.join("report");
    let file = folder.join("index.html");
    std::fs::create_dir_all(&folder)
        .and_then(|()| std::fs::write(&file, page::page(run)))
        .map_err(|error| format!("{}: {error}", file.display()))?;
    println!("{}", file.display());
    Ok(())
}

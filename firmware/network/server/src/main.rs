//! The server of the door controller in `firmware/network`: `server PROGRAM FOLDER` listens on a
//! free port of the loopback, runs the program on an emulated board, and serves it. It verifies
//! each request twice, with OpenSSL and with daxsign-core, and answers with a signed command:
//! first as it was signed, then with a byte changed, then the first one again. Exit code 0 only
//! when all requests were good and the board took the first command alone.

mod board;
mod openssl;
mod response;
mod server;

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use board::Board;
use daxsign_http::receive::read_request;
use server::Server;

/// How long everything may take.
const LIMIT: Duration = Duration::from_mins(1);
/// How long a connection may be silent.
const SILENCE: Duration = Duration::from_secs(10);
/// The longest request.
const MAX_LEN: usize = 8192;
const POLL: Duration = Duration::from_millis(5);

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let (Some(program), Some(folder), None) =
        (arguments.next(), arguments.next(), arguments.next())
    else {
        eprintln!("usage: server PROGRAM FOLDER");
        return ExitCode::from(2);
    };
    match run(&program, folder) {
        Ok(()) => {
            println!("server: both sides are satisfied");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            println!("server: FAILED: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(program: &std::path::Path, folder: PathBuf) -> Result<(), String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let port = listener
        .local_addr()
        .map_err(|error| error.to_string())?
        .port();
    // So that the board's end is seen too.
    listener
        .set_nonblocking(true)
        .map_err(|error| error.to_string())?;
    println!("server: listens on 127.0.0.1:{port}, starts the board");
    let mut server = Server::new(folder)?;
    let mut board = Board::start(program, port)?;
    let end = Instant::now() + LIMIT;
    let status = loop {
        match listener.accept() {
            Ok((stream, _)) => serve(&mut server, stream)?,
            Err(_) => std::thread::sleep(POLL),
        }
        if let Some(status) = board.ended()? {
            break status;
        }
        if Instant::now() > end {
            return Err(format!("not finished within {} s", LIMIT.as_secs()));
        }
    };
    board.check(status)?;
    server.check()
}

/// One connection: one request, one answer.
fn serve(server: &mut Server, mut stream: TcpStream) -> Result<(), String> {
    let problem = |error: std::io::Error| format!("the board's connection: {error}");
    stream.set_nonblocking(false).map_err(problem)?;
    stream.set_read_timeout(Some(SILENCE)).map_err(problem)?;
    stream.set_write_timeout(Some(SILENCE)).map_err(problem)?;
    let raw = read_request(&mut stream, MAX_LEN).map_err(problem)?;
    let (status, body) = match server.command_for(&raw) {
        Ok(command) => ("200 OK", command),
        Err(problem) => {
            println!("server: REFUSES: {problem}");
            ("403 Forbidden", problem.into_bytes())
        }
    };
    response::write(&mut stream, status, &body).map_err(problem)
}

//! A program that runs step by step under ptrace: it stops itself with SIGSTOP, and then its memory
//! and its registers can be read.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::ptr;

/// The program. Killed when this goes, and with the thread that started it, which alone may use it.
#[derive(Debug)]
pub struct Traced {
    child: Child,
    said: BufReader<ChildStdout>,
}

/// Some memory of a stopped program: its name, the address of its first byte, and its bytes.
#[derive(Debug)]
pub struct Memory {
    /// As in `/proc/PID/maps`, or `registers`.
    pub name: String,
    /// The address.
    pub start: usize,
    /// What stands there.
    pub bytes: Vec<u8>,
}

impl Traced {
    /// Starts the program; it runs up to its first stop with [`resume`](Self::resume).
    #[must_use]
    pub fn start(command: &mut Command) -> Self {
        let trace_me = || {
            // SAFETY: the other arguments do not count.
            let result = unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, 0, 0) };
            (result == 0)
                .then_some(())
                .ok_or_else(std::io::Error::last_os_error)
        };
        // SAFETY: between fork and exec there is one system call.
        unsafe { command.pre_exec(trace_me) };
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts, and this machine lets it be traced");
        let said = BufReader::new(child.stdout.take().expect("its output"));
        let mut traced = Self { child, said };
        assert_eq!(
            traced.wait(),
            Some(libc::SIGTRAP),
            "it stops once it is loaded"
        );
        let options = libc::PTRACE_O_EXITKILL;
        // SAFETY: options are a number.
        let result = unsafe { libc::ptrace(libc::PTRACE_SETOPTIONS, traced.pid(), 0, options) };
        assert_eq!(result, 0, "PTRACE_SETOPTIONS");
        traced
    }

    fn pid(&self) -> libc::pid_t {
        self.child.id().cast_signed()
    }

    /// The signal that stopped it; `None` once it ended well.
    fn wait(&mut self) -> Option<i32> {
        let mut status = 0;
        // SAFETY: the status is written to a place that is there.
        let pid = unsafe { libc::waitpid(self.pid(), &raw mut status, 0) };
        assert_eq!(pid, self.pid(), "waitpid");
        if libc::WIFSTOPPED(status) {
            return Some(libc::WSTOPSIG(status));
        }
        assert_eq!(status, 0, "the program failed");
        None
    }

    /// Lets it run.
    pub fn run(&mut self) {
        // SAFETY: no signal is delivered.
        let result = unsafe { libc::ptrace(libc::PTRACE_CONT, self.pid(), 0, 0) };
        assert_eq!(result, 0, "PTRACE_CONT");
    }

    /// Stops it where it is.
    pub fn interrupt(&mut self) {
        // SAFETY: the child is there until it is waited for.
        let result = unsafe { libc::kill(self.pid(), libc::SIGSTOP) };
        assert_eq!(result, 0, "kill");
        assert_eq!(self.wait(), Some(libc::SIGSTOP));
    }

    /// Lets it run until it stops itself; returns the line it said before, `None` at the end.
    pub fn resume(&mut self) -> Option<String> {
        self.run();
        let signal = self.wait()?;
        assert_eq!(signal, libc::SIGSTOP, "the program was stopped by a signal");
        let mut line = String::new();
        self.said.read_line(&mut line).expect("its output");
        Some(line.trim().into())
    }

    /// All memory it can write to.
    #[must_use]
    pub fn writable_memory(&self) -> Vec<Memory> {
        let folder = format!("/proc/{}", self.pid());
        let maps = std::fs::read_to_string(format!("{folder}/maps")).expect("its maps");
        let memory = File::open(format!("{folder}/mem")).expect("its memory");
        let regions = maps.lines().filter_map(writable_region);
        let regions = regions.map(|(name, range)| {
            let mut bytes = vec![0; range.len()];
            let start = u64::try_from(range.start).expect("an address");
            memory
                .read_exact_at(&mut bytes, start)
                .unwrap_or_else(|error| panic!("{name} at {start:#x}: {error}"));
            let (name, start) = (name.to_owned(), range.start);
            Memory { name, start, bytes }
        });
        regions.collect()
    }

    /// Its registers: general ones, those of floating point, and on x86 those of all vectors.
    #[must_use]
    pub fn registers(&self) -> Vec<Memory> {
        const NT_PRSTATUS: (usize, &str) = (1, "registers");
        const NT_PRFPREG: (usize, &str) = (2, "floating-point registers");
        const NT_X86_XSTATE: (usize, &str) = (0x202, "vector registers");
        let mut sets = vec![NT_PRSTATUS, NT_PRFPREG];
        if cfg!(target_arch = "x86_64") {
            sets.push(NT_X86_XSTATE);
        }
        sets.into_iter().map(|set| self.register_set(set)).collect()
    }

    fn register_set(&self, (set, name): (usize, &str)) -> Memory {
        let mut bytes = vec![0_u8; 1 << 16];
        let mut place = libc::iovec {
            iov_base: bytes.as_mut_ptr().cast(),
            iov_len: bytes.len(),
        };
        // SAFETY: the place is as long as it says.
        let result =
            unsafe { libc::ptrace(libc::PTRACE_GETREGSET, self.pid(), set, &raw mut place) };
        assert_eq!(result, 0, "PTRACE_GETREGSET {name}");
        bytes.truncate(place.iov_len);
        let (name, start) = (name.to_owned(), 0);
        Memory { name, start, bytes }
    }
}

impl Drop for Traced {
    fn drop(&mut self) {
        // It may have ended already, and been waited for.
        let _ = self.child.kill();
        // SAFETY: no status is asked for.
        unsafe { libc::waitpid(self.pid(), ptr::null_mut(), 0) };
    }
}

/// The name and the addresses of a line of `/proc/PID/maps`, if it may be written to.
fn writable_region(line: &str) -> Option<(&str, Range<usize>)> {
    let mut fields = line.split_ascii_whitespace();
    let (range, rights) = (fields.next()?, fields.next()?);
    let name = fields.nth(3).unwrap_or("unnamed");
    let (start, end) = range.split_once('-')?;
    let address = |text| usize::from_str_radix(text, 16).expect("an address");
    let readable = rights.starts_with("rw");
    readable.then(|| (name, address(start)..address(end)))
}

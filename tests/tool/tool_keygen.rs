//! The file that `daxsign keygen` writes: new, or none at all; its owner's from the first moment.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use daxsign_tests::folder::Folder;
use daxsign_tests::tool::{Tool, binary};

/// Processor time after which the tool has looked at its arguments and is making the key, in the
/// hundredths of a second in which Linux counts it.
const BUSY: u64 = 5;
/// Runs in which the key may have been there too early.
const ATTEMPTS: usize = 20;

/// The tool making a key of 4096 bits, which takes it about a second.
fn start(file: &Path) -> Child {
    Command::new(binary())
        .args(["keygen", "--bits", "4096", "--out"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the tool starts")
}

/// Sends a signal to the tool.
fn signal(tool: &Child, name: &str) {
    let status = Command::new("kill")
        .args([format!("-{name}"), tool.id().to_string()])
        .status();
    assert!(status.expect("kill starts").success(), "kill -{name}");
}

/// Stops the tool while it makes the key; `false` if it had ended before.
fn stop_while_busy(tool: &mut Child) -> bool {
    let stat = format!("/proc/{}/stat", tool.id());
    loop {
        if tool.try_wait().expect("its status").is_some() {
            return false;
        }
        let text = fs::read_to_string(&stat).expect("its state");
        // Behind the program's name: its state, ten numbers, and its own time.
        let behind = text.rsplit_once(')').expect("a name").1;
        let time = behind.split_whitespace().nth(11).expect("its time");
        if time.parse::<u64>().expect("a number") >= BUSY {
            signal(tool, "STOP");
            return tool.try_wait().expect("its status").is_none();
        }
        sleep(Duration::from_millis(1));
    }
}

/// Makes a key for a file that something is put in the place of while the key is made; returns what
/// the tool said when it ended, which must be that it did nothing.
fn put_there_meanwhile(folder: &Folder, put: impl Fn(&Path)) -> PathBuf {
    for attempt in 0..ATTEMPTS {
        let file = folder.path(&format!("{attempt}.pem"));
        let mut tool = start(&file);
        if !stop_while_busy(&mut tool) || file.exists() {
            signal_and_wait(tool);
            continue;
        }
        put(&file);
        signal(&tool, "CONT");
        let output = tool.wait_with_output().expect("the tool ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("exists and is never overwritten"), "{said}");
        return file;
    }
    panic!("the key was made before the tool could be stopped, {ATTEMPTS} times");
}

fn signal_and_wait(mut tool: Child) {
    let _ = tool.kill();
    tool.wait().expect("the tool ends");
}

/// Whether the file was there when the tool began does not count: it must not be there when it is
/// made.
#[test]
fn a_file_that_appears_meanwhile_is_kept() {
    let folder = Folder::default();
    let file = put_there_meanwhile(&folder, |file| fs::write(file, "precious").unwrap());
    assert_eq!(fs::read(file).unwrap(), b"precious");
}

#[test]
fn no_link_that_appears_meanwhile_is_followed() {
    let folder = Folder::default();
    let target = folder.write("target", "precious");
    let nowhere = folder.path("nowhere");
    put_there_meanwhile(&folder, |file| symlink(&target, file).unwrap());
    assert_eq!(fs::read(&target).unwrap(), b"precious");
    let other = Folder::default();
    let link = put_there_meanwhile(&other, |file| symlink(&nowhere, file).unwrap());
    assert!(!nowhere.exists(), "a key was written through a link");
    assert!(link.symlink_metadata().unwrap().is_symlink());
}

/// What stands at a name that is refused, and stays.
#[test]
fn what_is_there_stays_as_it_is() {
    let tool = Tool::default();
    let long = "n".repeat(200);
    tool.write("file", "precious");
    tool.write("empty", "");
    tool.write(&long, "precious");
    tool.write("read-only", "precious");
    let mode = fs::Permissions::from_mode(0o444);
    fs::set_permissions(tool.path("read-only"), mode).unwrap();
    fs::hard_link(tool.path("file"), tool.path("second-name")).unwrap();
    fs::create_dir(tool.path("folder")).unwrap();
    symlink("file", tool.path("link")).unwrap();
    symlink("nowhere", tool.path("dangling")).unwrap();
    symlink("looping", tool.path("looping")).unwrap();
    symlink("folder", tool.path("link-to-folder")).unwrap();
    let names = [
        "file",
        "empty",
        &long,
        "read-only",
        "second-name",
        "folder",
        "link",
        "dangling",
        "looping",
        "link-to-folder",
    ];
    let state = |name: &str| {
        let data = tool.path(name).symlink_metadata().unwrap();
        (data.ino(), data.mode(), data.len(), data.mtime_nsec())
    };
    let mut refused = 0;
    for name in names {
        let before = state(name);
        let run = tool.run(&["keygen", "--out", name]);
        run.assert_unusable(name);
        assert!(run.err.contains(name), "{name}: {}", run.err);
        assert_eq!(state(name), before, "{name}");
        refused += 1;
    }
    assert_eq!(refused, 10, "names");
    assert_eq!(tool.read("file"), b"precious");
    assert!(!tool.path("nowhere").exists());
}

/// The mode comes with the file: were it set afterwards, others could open it before. With a mask
/// that takes from the owner what a later change would give back, one is told from the other.
#[test]
fn the_file_is_its_owners_from_the_first_moment() {
    let modes = [
        ("000", 0o600),
        ("022", 0o600),
        ("077", 0o600),
        ("027", 0o600),
        ("002", 0o600),
        ("007", 0o600),
        ("070", 0o600),
        ("200", 0o400),
        ("277", 0o400),
        ("600", 0o000),
    ];
    let folder = Folder::default();
    for (mask, expected) in modes {
        let file = folder.path(mask);
        let status = Command::new("sh")
            .args([
                "-c",
                "umask \"$1\"; exec \"$2\" keygen --bits 2048 --out \"$3\"",
                "sh",
                mask,
            ])
            .args([binary(), &file])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .expect("sh starts");
        assert!(status.success(), "umask {mask}");
        let mode = file.metadata().unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, expected, "umask {mask}: {mode:o}");
    }
}
/// The name under which the key is written until it is whole can be foreseen: what stands there is
/// kept, too, and no link there is followed.
#[test]
fn nothing_at_the_unfinished_file_s_name_is_taken_over() {
    for _ in 0..ATTEMPTS {
        let folder = Folder::default();
        let precious = folder.write("precious", "precious");
        let file = folder.path("key.pem");
        let mut tool = start(&file);
        if !stop_while_busy(&mut tool) || file.exists() {
            signal_and_wait(tool);
            continue;
        }
        let name = |attempt: usize| format!(".daxsign-{}-{attempt}.new", tool.id());
        symlink(&precious, folder.path(&name(0))).unwrap();
        symlink(folder.path("nowhere"), folder.path(&name(1))).unwrap();
        folder.write(&name(2), "also precious");
        let placed = [0, 1, 2].map(name);
        signal(&tool, "CONT");
        let output = tool.wait_with_output().expect("the tool ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{said}");
        assert_eq!(fs::read(&precious).unwrap(), b"precious");
        assert!(!folder.path("nowhere").exists(), "written through a link");
        assert_eq!(folder.read(&placed[2]), b"also precious");
        for name in &placed {
            assert!(folder.path(name).symlink_metadata().is_ok(), "{name}");
        }
        let mode = file.metadata().unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode, 0o600, "{mode:o}");
        let left = fs::read_dir(folder.root()).unwrap().count();
        assert_eq!(left, 2 + placed.len(), "files left");
        return;
    }
    panic!("the key was made before the tool could be stopped, {ATTEMPTS} times");
}

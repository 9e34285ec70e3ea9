//! The structure of the core and of the C interface, checked on their source text: modules depend
//! downwards only, and some things are not written there at all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files of `core/src`, the lowest layer first, each with why it stands there. A file may use
/// those that come before it and none that come after. A new file goes right behind the last one
/// that it uses.
const LAYERS: &[(&str, &str)] = &[
    ("machine/secrecy.rs", "where secrets end; uses nothing"),
    ("rounding.rs", "for lengths; uses nothing"),
    (
        "base64.rs",
        "for keys in PEM and the Signature field, and its length in messages",
    ),
    ("label.rs", "text in errors; uses nothing"),
    ("diagnosing.rs", "what boards leave out; uses nothing"),
    ("error.rs", "every other file reports with it"),
    ("refusal.rs", "an error of a key, in few words of memory"),
    ("sink.rs", "where bytes go; every writer uses it"),
    ("message.rs", "errors in words, into a sink"),
    ("sha256.rs", "a sink"),
    (
        "other_hash.rs",
        "hashes that only wrong signatures hold, and SHA-256",
    ),
    ("digest.rs", "a hash to be signed"),
    ("token.rs", "HTTP's tokens, for names and methods"),
    ("options.rs", "what a caller chooses"),
    ("request.rs", "what is signed"),
    ("date.rs", "reads and writes dates"),
    ("http_date.rs", "HTTP's own, for those"),
    ("body.rs", "what a body must be"),
    ("request_target.rs", "the first line, from a request"),
    ("field_value.rs", "a line's value, from a request's fields"),
    ("charset.rs", "what the fields say of the encoding"),
    ("components.rs", "which lines there are"),
    (
        "content_length.rs",
        "a field's value as a number, against the body",
    ),
    ("signing_string.rs", "puts lines and body together"),
    ("profile.rs", "the signing string's hash as a digest"),
    ("signing_stream.rs", "the same for a body in pieces"),
    (
        "signature_header.rs",
        "the field: list and signature as text",
    ),
    (
        "machine/detect.rs",
        "what the processor can do; uses nothing",
    ),
    ("machine/adx.rs", "multiplying with two chains of carries"),
    ("machine/no_adx.rs", "builds without it; uses nothing"),
    (
        "machine/ifma/digits.rs",
        "numbers in vectors, and the way there",
    ),
    ("machine/ifma/multiply.rs", "products of such numbers"),
    ("machine/ifma/field.rs", "modulo a number or two"),
    (
        "machine/ifma.rs",
        "the powers of RSA, by a machine's choice",
    ),
    (
        "machine/ifma/lanes.rs",
        "arithmetic on eight numbers at once",
    ),
    ("machine/no_ifma.rs", "builds without it; uses nothing"),
    ("machine/no_detect.rs", "other processors; uses nothing"),
    ("machine/choice.rs", "which kernel a key works with"),
    ("machine/thumb.rs", "rows of limbs on Cortex-M0"),
    ("machine/umaal.rs", "rows of limbs on Cortex-M4 and M33"),
    ("machine/mod.rs", "names the machine kernels"),
    ("rsa/limb.rs", "the digits of large numbers"),
    (
        "rsa/product.rs",
        "the product of two digits, by what the machine has",
    ),
    ("rsa/one_row.rs", "multiplying row by row"),
    (
        "rsa/squares.rs",
        "squares out of the products of different digits",
    ),
    ("rsa/two_rows.rs", "the same by two rows at a time"),
    (
        "rsa/portable.rs",
        "multiplying rows of digits, on every machine",
    ),
    (
        "rsa/kernel.rs",
        "the same by the fastest code for the machine",
    ),
    ("rsa/sizes.rs", "how large everything is, counted in digits"),
    ("rsa/scratch.rs", "memory of those sizes"),
    ("rsa/modulus.rs", "Montgomery arithmetic on the kernel"),
    (
        "rsa/row_check.rs",
        "whether a board multiplies rows rightly",
    ),
    ("rsa/power.rs", "powers by that arithmetic"),
    ("rsa/encoding.rs", "a digest as the block that is signed"),
    ("rsa/fault.rs", "where a test lets a fault strike"),
    (
        "rsa/public_key.rs",
        "the public operation: powers and encoding",
    ),
    (
        "rsa/recover.rs",
        "what stands in a signature, by the public operation",
    ),
    ("rsa/pss.rs", "what of PSS shows without the message"),
    (
        "rsa/private_operation.rs",
        "the private operation, checked by the public one",
    ),
    (
        "rsa/lanes.rs",
        "the private operation for eight messages at once",
    ),
    ("rsa/no_lanes.rs", "builds without them"),
    ("rsa/key_check.rs", "whether numbers make a key"),
    (
        "rsa/private_key.rs",
        "the numbers of a key and what is done with them",
    ),
    ("rsa/batch.rs", "many signatures with one key"),
    ("rsa/mod.rs", "names the files of the engine"),
    ("keys/pem.rs", "bytes out of PEM"),
    ("keys/der.rs", "elements out of bytes, PEM's or plain"),
    ("keys/mod.rs", "what a key file holds"),
    (
        "keys/format.rs",
        "what keys are found in beside what is read; a label is in it",
    ),
    ("keys/recognise/binary.rs", "such a format by bytes"),
    (
        "keys/recognise/text.rs",
        "by marks in a text, and bytes in it",
    ),
    ("keys/recognise.rs", "by both"),
    ("keys/hint.rs", "a sentence on a file that was refused"),
    ("keys/algorithm.rs", "an element: which algorithm"),
    (
        "keys/spki.rs",
        "an algorithm and the numbers of a public key",
    ),
    (
        "keys/certificate.rs",
        "elements of a certificate, a public key among them",
    ),
    (
        "keys/chain.rs",
        "which certificates a file has, by their elements",
    ),
    (
        "keys/public_key.rs",
        "public keys out of all files, certificates too",
    ),
    (
        "keys/private_key.rs",
        "private keys, which hold the numbers of a public one",
    ),
    ("signer.rs", "anything that signs a digest; our key does"),
    ("progress.rs", "our key as a signer that calls back"),
    ("rsa_signer.rs", "the rsa crate's key as a signer"),
    ("sign.rs", "digest, signer and field: a signed request"),
    ("replay_guard.rs", "hashes and dates of requests seen"),
    (
        "verify.rs",
        "field, digest, key and guard: a verified request",
    ),
    ("variation/deviation.rs", "the single mistakes, by name"),
    ("variation/rewriting.rs", "sinks that pass on other bytes"),
    ("variation/dates.rs", "dates in other forms"),
    ("variation/plan.rs", "mistakes by the part they change"),
    ("variation/values.rs", "fields' values with mistakes"),
    ("variation/target.rs", "targets with mistakes"),
    ("variation/body.rs", "bodies with mistakes"),
    (
        "variation/string.rs",
        "signing strings with mistakes in them",
    ),
    ("variation.rs", "which mistakes a signer makes at once"),
    (
        "explain/held.rs",
        "what an opened signature shows, and what fits it",
    ),
    (
        "explain/search.rs",
        "strings with mistakes, one of which fits",
    ),
    ("explain.rs", "which mistakes a signature has"),
    ("inner.rs", "a way to the engine's inside for tests"),
    ("lib.rs", "names and exports everything"),
];

/// The files of `ffi/src`, in the same way.
const FFI_LAYERS: &[(&str, &str)] = &[
    ("version.rs", "which interface this is; uses nothing"),
    ("number.rs", "enums as numbers; uses nothing"),
    ("status.rs", "what every function gives"),
    ("failure.rs", "a status with what is at fault"),
    ("memory.rs", "pointers become references, or a failure"),
    ("text.rs", "into the buffers of memory"),
    ("problem.rs", "the core's finer distinctions as numbers"),
    ("detail.rs", "a failure in caller's memory"),
    ("call.rs", "the frame of every function: detail last"),
    ("detail_message.rs", "a function: the detail in words"),
    (
        "key_file_message.rs",
        "the same with the key file that it tells of",
    ),
    ("wipe.rs", "a function: zeros"),
    ("storage.rs", "values in caller's memory"),
    ("options.rs", "what a caller chooses"),
    ("request.rs", "what is signed, read in place"),
    ("date.rs", "times and their text"),
    ("keys.rs", "keys in storage, with a certificate's times"),
    ("signer.rs", "a key that signs elsewhere"),
    ("signing.rs", "request, options and key: a signed request"),
    ("signing_stream.rs", "the same for a body in pieces"),
    ("signature_header.rs", "the field by itself"),
    ("replay_guard.rs", "requests accepted once, in storage"),
    ("verifying.rs", "field, key and guard: a verified request"),
    ("sized_names.rs", "what fills storage, named with its size"),
    ("explain.rs", "which mistake a signature has"),
    ("panic_handler.rs", "what is never reached"),
    ("lib.rs", "names everything"),
];

/// A crate that is checked.
struct Crate {
    name: &'static str,
    layers: &'static [(&'static str, &'static str)],
    /// What the checks must find at least, or they no longer read the source right.
    files: usize,
    arrows: usize,
    functions: usize,
}

const CORE: Crate = Crate {
    name: "core",
    layers: LAYERS,
    files: 40,
    arrows: 150,
    functions: 250,
};
const FFI: Crate = Crate {
    name: "ffi",
    layers: FFI_LAYERS,
    files: 20,
    arrows: 60,
    functions: 100,
};
const CRATES: [Crate; 2] = [CORE, FFI];

/// What `lib.rs` defines itself, for every layer: it depends on the build's features alone.
const ROOT_ITEMS: [&str; 1] = ["MAX_MODULUS_BITS"];

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

    fn layer(&self, file: &str) -> Option<usize> {
        self.layers.iter().position(|(layer, _)| *layer == file)
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
    module.retain(|name| !["lib", "mod"].contains(name));
    let parent = module.split_last().map_or(&[][..], |(_, parent)| parent);
    let mut paths = Vec::new();
    for (place, token) in tokens.iter().enumerate() {
        let starts = place == 0 || tokens[place - 1] != "::";
        if !starts || tokens.get(place + 1) != Some(&"::") {
            continue;
        }
        let prefix = match *token {
            "crate" => vec![],
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

#[test]
fn every_file_has_its_layer() {
    for each in &CRATES {
        let (name, layers, files) = (each.name, each.layers, each.sources());
        for file in files.keys() {
            let times = layers.iter().filter(|(layer, _)| layer == file).count();
            assert!(
                times == 1,
                "{name}/src/{file} stands {times} times in the layers of \
                 tests/house/structure.rs: give it one place, right behind the last file it uses, and say why"
            );
        }
        for (layer, _) in layers {
            assert!(
                files.contains_key(*layer),
                "the layers of tests/house/structure.rs name {layer}, which is not in {name}/src: \
                 take it out"
            );
        }
    }
}

#[test]
fn modules_depend_downwards_only() {
    let mut faults = Vec::new();
    for each in &CRATES {
        let (name, files) = (each.name, each.sources());
        let mut arrows = 0;
        for (file, text) in &files {
            let code = code(text);
            for path in crate_paths(file, &tokens(&code)) {
                let Some(used) = file_of(&path, &files) else {
                    if !ROOT_ITEMS.contains(&path[0]) {
                        faults.push(format!(
                            "{name}/src/{file} uses crate::{}: name it by the module it stands in",
                            path[0]
                        ));
                    }
                    continue;
                };
                arrows += 1;
                if used != *file && each.layer(&used) > each.layer(file) {
                    faults.push(format!(
                        "{name}/src/{file} uses {} of {used}, which comes after it in the layers of \
                         tests/house/structure.rs: move what it needs into a file that comes before \
                         both",
                        path.join("::")
                    ));
                }
            }
        }
        assert!(
            arrows > each.arrows,
            "only {arrows} uses found in {name}: does this test still read the source right?"
        );
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
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

/// The functions of a file: the first line of each, counted from 1, and how many lines it has.
fn functions(text: &str) -> Vec<(usize, usize)> {
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
            (start + 1, last + 1)
        })
        .collect()
}

#[test]
fn functions_fit_on_a_screen() {
    let mut faults = Vec::new();
    for each in &CRATES {
        let mut count = 0;
        for (file, text) in &each.sources() {
            for (start, len) in functions(text) {
                count += 1;
                if len > MAX_FUNCTION_LINES {
                    faults.push(format!(
                        "{}/src/{file}:{start}: this function has {len} lines, more than \
                         {MAX_FUNCTION_LINES}: split it by what it does",
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

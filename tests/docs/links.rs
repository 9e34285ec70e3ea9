//! Where the pages lead: every link of every page to a file that is there, also in installed copies.

use std::fs;
use std::path::{Path, PathBuf};

use daxsign_tests::native::{installed, project};

/// A link's target, and the line it stands in.
type Link = (usize, String);

/// The links of a page outside its programs.
fn links(text: &str) -> Vec<Link> {
    let mut found = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        }
        if inside {
            continue;
        }
        // What is between backquotes is no link.
        let prose: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for rest in prose.split("](").skip(1) {
            let target = rest.split(')').next().expect("a first part");
            found.push((number + 1, target.to_owned()));
        }
    }
    assert!(!inside, "a program without an end");
    found
}

/// Headings as GitHub names them in links.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let anchor = |heading: &str| {
        let letters = heading.trim_start_matches('#').trim().to_lowercase();
        let kept = letters
            .chars()
            .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
        kept.map(|c| if c == ' ' { '-' } else { c }).collect()
    };
    headings.map(anchor).collect()
}

/// Fails where a link of a page leads nowhere; returns how many it has.
fn check(page: &Path, inside: &Path) -> usize {
    let text = fs::read_to_string(page).expect("a page in UTF-8");
    let links = links(&text);
    for (line, target) in &links {
        let place = format!("{}:{line}: {target}", page.display());
        if target.starts_with("https://") {
            continue;
        }
        let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
        let path = if file.is_empty() {
            page.to_path_buf()
        } else {
            page.parent().expect("a folder").join(file)
        };
        let real = path
            .canonicalize()
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        let inside = inside.canonicalize().expect("the folder");
        assert!(real.starts_with(inside), "{place} leads elsewhere");
        if !anchor.is_empty() {
            let text = fs::read_to_string(&real).expect("a page");
            assert!(
                anchors(&text).iter().any(|one| one == anchor),
                "{place}: no such heading"
            );
        }
    }
    links.len()
}

/// All but what is built and what is hidden.
fn pages_of_the_sources() -> Vec<PathBuf> {
    let mut pages = Vec::new();
    let mut folders = vec![project()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() && name != "target" && !name.starts_with('.') {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                pages.push(path);
            }
        }
    }
    pages
}

#[test]
fn every_link_of_the_sources_leads_to_a_file() {
    let pages = pages_of_the_sources();
    assert!(pages.len() >= 12, "{pages:?}");
    let links: usize = pages.iter().map(|page| check(page, &project())).sum();
    assert!(links >= 20, "{links} links");
}

#[test]
fn every_link_of_installed_pages_leads_to_an_installed_file() {
    let folder = installed().join("share/doc/daxsign");
    let mut pages = 0;
    let mut links = 0;
    for entry in fs::read_dir(&folder).expect("the pages") {
        let page = entry.expect("an entry").path();
        if page.extension().is_none_or(|end| end != "md") {
            continue;
        }
        pages += 1;
        links += check(&page, installed());
        // Where a page names files of the sources, it says so first.
        let text = fs::read_to_string(&page).expect("a page");
        let notice = text.lines().nth(2).expect("a third line");
        assert!(
            notice.starts_with("Of daxsign ") && notice.ends_with("stand in its sources."),
            "{notice}"
        );
    }
    assert_eq!(pages, 22, "pages");
    assert!(links >= 10, "{links} links");
}

/// The NuGet package has this page and none beside it.
#[test]
fn the_package_s_page_leads_nowhere_else() {
    let text = fs::read_to_string(project().join("bindings/csharp/README.md")).expect("a page");
    let links = links(&text);
    assert!(
        links
            .iter()
            .all(|(_, target)| target.starts_with("https://")),
        "{links:?}"
    );
}

#[test]
fn the_check_sees_a_link_that_leads_nowhere() {
    let folder = daxsign_tests::folder::Folder::default();
    for bad in [
        "[x](nowhere.md)",
        "[x](../outside.md)",
        "[x](page.md#none)",
        "a\n\n[x](b c.md)",
    ] {
        let page = folder.write("page.md", format!("# Page\n\n{bad}\n"));
        let root = folder.root().to_path_buf();
        let seen = std::panic::catch_unwind(|| check(&page, &root));
        assert!(seen.is_err(), "{bad} was not seen");
    }
    let page = folder.write(
        "page.md",
        "# My Page\n\n[x](#my-page) [y](page.md) `[z](none)`\n",
    );
    assert_eq!(check(&page, folder.root()), 2);
}

//! OpenSSL's configuration files (config(5)), read as OpenSSL 3 reads them: sections of settings, whose
//! values name variables that stand before them.

use std::collections::HashMap;
use std::env;
use std::iter::Peekable;
use std::str::Chars;

/// The section of what stands before the first one; settings of every other are looked up here too.
pub(crate) const DEFAULT: &str = "default";
/// The section that stands for the environment's variables.
const ENVIRONMENT: &str = "ENV";

/// More is no configuration file for one request.
const MAX_FILE_LEN: usize = 64 << 10;
/// The longest value (OpenSSL's `MAX_CONF_VALUE_LENGTH`), and all of them: variables within variables
/// could grow without end.
const MAX_VALUE_LEN: usize = 64 << 10;
const MAX_VALUES_LEN: usize = 1 << 20;

/// A line and what is wrong with it.
pub(crate) type Problem = (usize, String);

/// `name = value` in a section.
pub(crate) struct Setting {
    pub(crate) section: String,
    pub(crate) name: String,
    /// With the variables' values in it.
    pub(crate) value: String,
    /// Counted from 1.
    pub(crate) line: usize,
    /// Whether anything was made of it.
    used: bool,
}

/// A file's settings, in their order.
#[derive(Default)]
pub(crate) struct Config {
    settings: Vec<Setting>,
    /// The last of each name in each section is the one that counts.
    places: HashMap<(String, String), usize>,
    values_len: usize,
}

impl Config {
    /// Reads the text of a file.
    pub(crate) fn parse(text: &str) -> Result<Self, Problem> {
        if text.len() > MAX_FILE_LEN {
            let problem = format!("a file of more than {MAX_FILE_LEN} bytes is not read");
            return Err((1, problem));
        }
        let mut config = Self::default();
        let mut section = DEFAULT.to_owned();
        for (line, text) in logical_lines(text) {
            let fault = |problem| (line, problem);
            let text = without_comment(&text);
            let text = text.trim_matches(is_space);
            if let Some(rest) = text.strip_prefix('[') {
                section = section_name(rest).map_err(fault)?;
            } else if !text.is_empty() {
                config.add(&section, text, line).map_err(fault)?;
            }
        }
        Ok(config)
    }

    /// `name = value`, or `section::name = value`.
    fn add(&mut self, section: &str, text: &str, line: usize) -> Result<(), String> {
        if text.starts_with(".include") {
            return Err(
                "other files are not read from here: write into this one what the line includes"
                    .to_owned(),
            );
        }
        let (name, value) = text.split_once('=').ok_or_else(|| {
            format!("`{text}` is no setting: write `NAME = VALUE`, or # before a remark")
        })?;
        let name = name.trim_matches(is_space);
        let (section, name) = name.split_once("::").unwrap_or((section, name));
        let value = self.expand(section, value.trim_matches(is_space))?;
        self.values_len = self.values_len.saturating_add(value.len());
        if self.values_len > MAX_VALUES_LEN {
            return Err("the variables' values are too long altogether".to_owned());
        }
        let (section, name) = (section.to_owned(), name.to_owned());
        let place = self.settings.len();
        self.places.insert((section.clone(), name.clone()), place);
        self.settings.push(Setting {
            section,
            name,
            value,
            line,
            used: false,
        });
        Ok(())
    }

    /// The value that `text` stands for: quotes and backslashes gone, variables put in.
    fn expand(&mut self, section: &str, text: &str) -> Result<String, String> {
        let mut value = String::new();
        let mut rest = text.chars().peekable();
        while let Some(character) = rest.next() {
            match character {
                '"' | '\'' | '`' => quoted(character, &mut rest, &mut value),
                '\\' => value.extend(rest.next().map(escaped)),
                '$' => {
                    let (of, name) = variable(section, &mut rest)?;
                    let found = self.variable(&of, &name).ok_or_else(|| {
                        format!(
                            "${{{name}}} stands for nothing: write `{name} = …` on a line of its own \
                             above"
                        )
                    })?;
                    value.push_str(&found);
                }
                _ => value.push(character),
            }
            if value.len() > MAX_VALUE_LEN {
                return Err("the value is too long with its variables in it".to_owned());
            }
        }
        Ok(value)
    }

    fn variable(&mut self, section: &str, name: &str) -> Option<String> {
        if let Some(setting) = self.take_own(section, name) {
            return Some(setting.value.clone());
        }
        if section == ENVIRONMENT
            && let Ok(value) = env::var(name)
        {
            return Some(value);
        }
        self.take_own(DEFAULT, name)
            .map(|setting| setting.value.clone())
    }

    /// A section's own setting, which counts as used from then on.
    pub(crate) fn take_own(&mut self, section: &str, name: &str) -> Option<&Setting> {
        let place = self.places.get(&(section.to_owned(), name.to_owned()))?;
        let setting = self.settings.get_mut(*place)?;
        setting.used = true;
        Some(setting)
    }

    /// A setting of the section, or else of what stands before the first.
    pub(crate) fn take(&mut self, section: &str, name: &str) -> Option<&Setting> {
        let key = (section.to_owned(), name.to_owned());
        let section = if self.places.contains_key(&key) {
            section
        } else {
            DEFAULT
        };
        self.take_own(section, name)
    }

    /// The settings of a section that count, in their order, with where they stand.
    pub(crate) fn section(&self, section: &str) -> Vec<(usize, &Setting)> {
        let counts = |(place, setting): &(usize, &Setting)| {
            let key = (setting.section.clone(), setting.name.clone());
            setting.section == section && self.places.get(&key) == Some(place)
        };
        self.settings.iter().enumerate().filter(counts).collect()
    }

    /// Something was made of the setting at this place.
    pub(crate) fn mark(&mut self, place: usize) {
        if let Some(setting) = self.settings.get_mut(place) {
            setting.used = true;
        }
    }

    /// The settings of which nothing was made.
    pub(crate) fn unused(&self) -> impl Iterator<Item = &Setting> {
        self.settings.iter().filter(|setting| !setting.used)
    }
}

const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// The lines with their numbers; one that ends in a backslash goes on with the next.
fn logical_lines(text: &str) -> Vec<(usize, String)> {
    let mut lines = Vec::new();
    let mut unfinished: Option<(usize, String)> = None;
    for (index, line) in text.split('\n').enumerate() {
        let line = line.trim_end_matches('\r');
        let (first, mut whole) = unfinished
            .take()
            .unwrap_or_else(|| (index.saturating_add(1), String::new()));
        whole.push_str(line);
        match whole.strip_suffix('\\') {
            Some(start) if !start.ends_with('\\') => unfinished = Some((first, start.to_owned())),
            _ => lines.push((first, whole)),
        }
    }
    lines.extend(unfinished);
    lines
}

/// The line up to a `#` that stands neither in quotes nor behind a backslash.
fn without_comment(line: &str) -> &str {
    let mut quote = None;
    let mut characters = line.char_indices();
    while let Some((place, character)) = characters.next() {
        match (quote, character) {
            (_, '\\') => drop(characters.next()),
            (None, '#') => return line.get(..place).unwrap_or(line),
            (None, '"' | '\'' | '`') => quote = Some(character),
            (Some(open), close) if open == close => quote = None,
            _ => {}
        }
    }
    line
}

/// What stands between the brackets.
fn section_name(rest: &str) -> Result<String, String> {
    let (name, _) = rest
        .split_once(']')
        .ok_or("a ] is missing behind the section's name")?;
    Ok(name.trim_matches(is_space).to_owned())
}

/// Takes what stands in quotes; within, a backslash keeps the next character as it is.
fn quoted(quote: char, rest: &mut Peekable<Chars<'_>>, value: &mut String) {
    while let Some(character) = rest.next() {
        match character {
            '\\' => value.extend(rest.next()),
            _ if character == quote => return,
            _ => value.push(character),
        }
    }
}

const fn escaped(character: char) -> char {
    match character {
        'r' => '\r',
        'n' => '\n',
        'b' => '\u{8}',
        't' => '\t',
        other => other,
    }
}

/// `NAME`, `{NAME}`, `(NAME)`, each with `SECTION::` before it or not: the section and the name.
fn variable(section: &str, rest: &mut Peekable<Chars<'_>>) -> Result<(String, String), String> {
    let close = match rest.peek() {
        Some('{') => Some('}'),
        Some('(') => Some(')'),
        _ => None,
    };
    if close.is_some() {
        rest.next();
    }
    let mut name = word(rest);
    let mut section = section.to_owned();
    // A single colon is what follows the variable.
    let mut ahead = rest.clone();
    if ahead.next() == Some(':') && ahead.next() == Some(':') {
        *rest = ahead;
        section = std::mem::replace(&mut name, word(rest));
    }
    if close.is_some() && rest.next() != close {
        return Err(format!("the bracket behind ${name} is not closed"));
    }
    if name.is_empty() {
        return Err(
            "a $ without a name behind it: write ${NAME}, or \\$ for the sign itself".to_owned(),
        );
    }
    Ok((section, name))
}

/// Letters, digits and `_`.
fn word(rest: &mut Peekable<Chars<'_>>) -> String {
    let mut word = String::new();
    while let Some(character) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '_') {
        word.push(character);
    }
    word
}

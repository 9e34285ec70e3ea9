//! The rules of the signing string a second time: naive, allocating, in the order in which the
//! rules stand. It shares no code with the core, so that a misreading shows as a difference.

use time::{Date, Month, Time, UtcOffset};

use crate::request::OwnedRequest;

/// The options of both readings.
#[derive(Clone, Copy, Debug, Default)]
pub struct ModelOptions {
    /// Sign the target with its query.
    pub full_target: bool,
    /// Ask for `Content-Type: application/json`.
    pub rest: bool,
}

/// The signing string, or the name of the first error.
///
/// # Errors
/// The name of the first rule that is broken.
pub fn signing_string(
    request: &OwnedRequest,
    list: &[String],
    options: ModelOptions,
) -> Result<Vec<u8>, &'static str> {
    check_list(list)?;
    check_method(&request.method)?;
    check_target(&request.target)?;
    let mut out = String::new();
    let mut date = String::new();
    for name in reduced(list) {
        let value = if name == "(request-target)" {
            target_value(request, options)
        } else {
            field_value(request, &name)?
        };
        out += &[&name, ": ", &value, "\n"].concat();
        if name == "date" {
            date = value;
        }
    }
    date_seconds(&date)?;
    check_content_length(request)?;
    check_charsets(request)?;
    if options.rest {
        check_json(request)?;
    }
    let body = check_body(&request.body)?;
    Ok((out + body).into_bytes())
}

/// S-LIST: names in lowercase, each at its last place.
#[must_use]
pub fn reduced(list: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for name in list {
        let name = name.to_ascii_lowercase();
        out.retain(|earlier| *earlier != name);
        out.push(name);
    }
    out
}

/// S-BIND: the default list.
#[must_use]
pub fn default_list(request: &OwnedRequest) -> Vec<String> {
    let mut list = vec!["(request-target)".to_string()];
    for name in ["host", "content-type", "content-length"] {
        if !instances(request, name).is_empty() {
            list.push(name.into());
        }
    }
    list.push("date".into());
    list
}

/// S-LIST, S-REQUIRED.
///
/// # Errors
/// The name of the first rule that is broken.
pub fn check_list(list: &[String]) -> Result<(), &'static str> {
    if list.len() > 64 {
        return Err("invalid-component");
    }
    for name in list {
        let in_parentheses = name.strip_prefix('(').and_then(|n| n.strip_suffix(')'));
        match in_parentheses {
            Some(inner) if inner.eq_ignore_ascii_case("request-target") => {}
            Some(inner) if is_token(inner) => return Err("unsupported-component"),
            None if is_token(name) => {}
            _ => return Err("invalid-component"),
        }
    }
    for required in ["(request-target)", "date"] {
        if !reduced(list).iter().any(|name| name == required) {
            return Err("missing-component");
        }
    }
    Ok(())
}

/// RFC 9110 5.6.2.
fn is_token(text: &str) -> bool {
    let is_token_char = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !text.is_empty() && text.chars().all(is_token_char)
}

fn check_method(method: &str) -> Result<(), &'static str> {
    is_token(method).then_some(()).ok_or("invalid-method")
}

fn check_target(target: &str) -> Result<(), &'static str> {
    let visible = |c: char| ('\u{21}'..='\u{7e}').contains(&c);
    (target.starts_with('/') && target.chars().all(visible))
        .then_some(())
        .ok_or("invalid-target")
}

fn target_value(request: &OwnedRequest, options: ModelOptions) -> String {
    let target = if options.full_target {
        &request.target
    } else {
        request.target.split('?').next().unwrap()
    };
    format!("{} {target}", request.method.to_ascii_lowercase())
}

fn instances<'a>(request: &'a OwnedRequest, name: &str) -> Vec<&'a [u8]> {
    request.values(name).collect()
}

/// S-MISSING, S-JOIN.
fn field_value(request: &OwnedRequest, name: &str) -> Result<String, &'static str> {
    let values = instances(request, name);
    if values.is_empty() {
        return Err("missing-header");
    }
    let mut cleaned = Vec::new();
    for value in &values {
        let value = clean(value).ok_or("invalid-header-value")?;
        if value.is_empty() && values.len() > 1 {
            return Err("invalid-header-value");
        }
        cleaned.push(value);
    }
    Ok(cleaned.join(","))
}

/// S-UTF8, S-FOLD, S-TRIM of one instance.
fn clean(value: &[u8]) -> Option<String> {
    let unfolded = unfold(std::str::from_utf8(value).ok()?);
    if unfolded.chars().any(|c| c.is_control() && c != '\t') {
        return None;
    }
    let trimmed = unfolded.trim_matches([' ', '\t']);
    let edges = [trimmed.chars().next(), trimmed.chars().next_back()];
    if edges.into_iter().flatten().any(char::is_whitespace) {
        return None;
    }
    Some(trimmed.into())
}

/// Each `*WSP line-break 1*WSP` becomes one space, from left to right.
fn unfold(value: &str) -> String {
    let wsp = [' ', '\t'];
    let lines: Vec<&str> = value.split('\n').collect();
    let mut out = String::new();
    for (index, line) in lines.iter().enumerate() {
        let folded_here = index > 0 && line.starts_with(wsp);
        let folded_next = lines.get(index + 1).is_some_and(|l| l.starts_with(wsp));
        let mut text = *line;
        if folded_here {
            out.push(' ');
            text = text.trim_start_matches(wsp);
        } else if index > 0 {
            out.push('\n');
        }
        if folded_next {
            text = text.strip_suffix('\r').unwrap_or(text);
            text = text.trim_end_matches(wsp);
        }
        out.push_str(text);
    }
    out
}

/// S-DATE: seconds since 1970 and nanoseconds.
///
/// # Errors
/// `invalid-date`.
pub fn date_seconds(text: &str) -> Result<(i64, u32), &'static str> {
    parse_date(text).ok_or("invalid-date")
}

fn parse_date(text: &str) -> Option<(i64, u32)> {
    let number = |from: usize, to: usize| -> Option<u32> {
        let digits = text.get(from..to)?;
        let all_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
        all_digits.then(|| digits.parse().unwrap())
    };
    for (place, separator) in [(4, "-"), (7, "-"), (10, "T"), (13, ":"), (16, ":")] {
        if text.get(place..place + 1)? != separator {
            return None;
        }
    }
    let year = number(0, 4).filter(|year| *year > 0)?;
    let month = Month::try_from(u8::try_from(number(5, 7)?).ok()?).ok()?;
    let small = |from, to| u8::try_from(number(from, to)?).ok();
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month, small(8, 10)?).ok()?;
    let mut rest = text.get(19..)?;
    let mut nanoseconds = 0;
    if let Some(fraction) = rest.strip_prefix('.') {
        let len = fraction.find(|c: char| !c.is_ascii_digit())?;
        if !(1..=9).contains(&len) {
            return None;
        }
        nanoseconds = format!("{:0<9}", &fraction[..len]).parse().unwrap();
        rest = &fraction[len..];
    }
    let time = Time::from_hms_nano(small(11, 13)?, small(14, 16)?, small(17, 19)?, nanoseconds);
    let moment = date.with_time(time.ok()?).assume_utc();
    let seconds = moment.unix_timestamp() - i64::from(zone(rest)?.whole_seconds());
    Some((seconds, nanoseconds))
}

fn zone(text: &str) -> Option<UtcOffset> {
    if text == "Z" {
        return Some(UtcOffset::UTC);
    }
    let sign = match text.get(..1)? {
        "+" => 1,
        "-" => -1,
        _ => return None,
    };
    let (hours, minutes) = text.get(1..)?.split_once(':')?;
    let two_digits = |part: &str, end: i8| -> Option<i8> {
        let fits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        fits.then(|| part.parse().unwrap())
            .filter(|value| *value < end)
    };
    let (hours, minutes) = (two_digits(hours, 24)?, two_digits(minutes, 60)?);
    UtcOffset::from_hms(sign * hours, sign * minutes, 0).ok()
}

/// S-LENGTH: compared as text, so that no number is too large.
fn check_content_length(request: &OwnedRequest) -> Result<(), &'static str> {
    if instances(request, "content-length").is_empty() {
        return Ok(());
    }
    let value = field_value(request, "content-length").unwrap_or_default();
    let is_number = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    let without_zeros = match value.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    (is_number && without_zeros == request.body.len().to_string())
        .then_some(())
        .ok_or("content-length-mismatch")
}

/// S-UTF8: the charsets that the request names.
fn check_charsets(request: &OwnedRequest) -> Result<(), &'static str> {
    let (mut charsets, mut stars, mut parts) = (Vec::new(), 0, Vec::new());
    for value in instances(request, "content-type") {
        for parameter in split_unquoted(value, ';') {
            match parameter.split_once('=') {
                Some((name, charset)) if trim(name).eq_ignore_ascii_case("charset") => {
                    charsets.push(trim(charset).to_string());
                }
                _ => parts.push(parameter),
            }
        }
    }
    let mut accepted = Vec::new();
    for value in instances(request, "accept-charset") {
        for element in split_unquoted(value, ',') {
            let mut parameters = split_unquoted(element.as_bytes(), ';');
            match trim(&parameters.remove(0)) {
                "" => {}
                "*" => stars += 1,
                charset => accepted.push(charset.to_string()),
            }
            parts.append(&mut parameters);
        }
    }
    let is_utf8 = |charset: &String| {
        let charset = charset.to_ascii_lowercase();
        charset == "utf-8" || charset == "\"utf-8\""
    };
    let only_a_star = stars > 0 && accepted.is_empty();
    let named_well = charsets.iter().chain(&accepted).all(is_utf8);
    (named_well && !only_a_star && parts.iter().all(|part| quoted_whole(part)))
        .then_some(())
        .ok_or("unsupported-charset")
}

/// Quotes stand around a parameter's value or nowhere.
fn quoted_whole(part: &str) -> bool {
    if !part.contains('"') {
        return true;
    }
    let Some((name, value)) = part.split_once('=') else {
        return false;
    };
    let inner = trim(value)
        .strip_prefix('"')
        .and_then(|value| value.strip_suffix('"'));
    // Without its pairs of a backslash and a character no quote is left, and no lone backslash.
    let plain = |inner: &str| {
        let mut chars = inner.chars();
        while let Some(c) = chars.next() {
            if c == '"' || (c == '\\' && chars.next().is_none()) {
                return false;
            }
        }
        true
    };
    !name.contains('"') && inner.is_some_and(plain)
}

/// The REST policy.
fn check_json(request: &OwnedRequest) -> Result<(), &'static str> {
    let types: Vec<String> = instances(request, "content-type")
        .into_iter()
        .map(|value| trim(&split_unquoted(value, ';')[0]).to_ascii_lowercase())
        .collect();
    (types == ["application/json"])
        .then_some(())
        .ok_or("invalid-content-type")
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_ascii_whitespace())
}

/// Splits at separators outside quoted strings (RFC 9110 5.6.4).
fn split_unquoted(value: &[u8], separator: char) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quoted = false;
    let text = String::from_utf8_lossy(value).into_owned();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c == separator && !quoted {
            parts.push(String::new());
            continue;
        }
        let part = parts.last_mut().unwrap();
        part.push(c);
        match c {
            '"' => quoted = !quoted,
            '\\' if quoted => part.extend(chars.next()),
            _ => {}
        }
    }
    parts
}

fn check_body(body: &[u8]) -> Result<&str, &'static str> {
    let text = std::str::from_utf8(body).map_err(|_| "invalid-body")?;
    if text.starts_with('\u{feff}') {
        return Err("invalid-body");
    }
    Ok(text)
}

/// S-PARSE, S-REALM, S-ALG: the `headers` and `signature` parameters.
///
/// # Errors
/// The name of the first rule that is broken.
pub fn signature_field(text: &[u8]) -> Result<(String, String), &'static str> {
    const MALFORMED: &str = "malformed-signature-header";
    let text = String::from_utf8_lossy(text);
    let mut rest = &*text;
    let mut found: Vec<(String, String)> = Vec::new();
    loop {
        let (name, after) = rest.split_once("=\"").ok_or(MALFORMED)?;
        let (value, after) = after.split_once('"').ok_or(MALFORMED)?;
        let printable = |c: char| (' '..='~').contains(&c) && c != '\\';
        if !is_token(name) || !value.chars().all(printable) {
            return Err(MALFORMED);
        }
        let known = ["realm", "algorithm", "headers", "signature"].contains(&name);
        if known && found.iter().any(|(earlier, _)| earlier == name) {
            return Err("duplicate-parameter");
        }
        found.push((name.into(), value.into()));
        if after.is_empty() {
            break;
        }
        rest = after.trim_start_matches(' ');
        if rest.len() == after.len() || rest.is_empty() {
            return Err(MALFORMED);
        }
    }
    let get = |name: &str| {
        let parameter = found.iter().find(|(found, _)| found == name);
        parameter
            .map(|(_, value)| value.clone())
            .ok_or("missing-parameter")
    };
    let (realm, algorithm) = (get("realm")?, get("algorithm")?);
    let result = (get("headers")?, get("signature")?);
    if realm != "dax" {
        return Err("wrong-realm");
    }
    if !algorithm.eq_ignore_ascii_case("sha256withrsa") {
        return Err("unsupported-algorithm");
    }
    Ok(result)
}

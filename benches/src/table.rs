//! A table in a document that a command keeps, between two comments.

/// `document` with what stands between `<!-- NAME -->` and `<!-- end of NAME -->` replaced.
///
/// # Errors
/// Which of the two comments is missing.
pub fn replace(document: &str, name: &str, content: &str) -> Result<String, String> {
    let (begin, end) = (
        format!("<!-- {name} -->\n"),
        format!("<!-- end of {name} -->"),
    );
    let missing = |mark: &str| format!("the document lacks the line {}", mark.trim_end());
    let (before, rest) = document.split_once(&begin).ok_or_else(|| missing(&begin))?;
    let (_, after) = rest.split_once(&end).ok_or_else(|| missing(&end))?;
    Ok(format!("{before}{begin}{content}{end}{after}"))
}

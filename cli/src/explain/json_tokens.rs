//! The tokens of JSON text, as they stand in it. Whether numbers and words are valid is not asked:
//! text that is no JSON gives a string that nobody signed.

/// Deeper text is not rewritten.
const MAX_DEPTH: usize = 128;

/// A piece of JSON text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{` or `[`.
    Open(&'a str),
    /// `}` or `]`.
    Close(&'a str),
    Comma,
    Colon,
    /// A string with its quotes and escapes.
    Text(&'a str),
    /// A number or a word.
    Scalar(&'a str),
    /// White space between the others.
    Space(&'a str),
}

/// The tokens of an object or array in UTF-8; `None` for other text.
pub(super) fn read(text: &str) -> Option<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut open = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let token = next(rest)?;
        let (text, behind) = rest.split_at_checked(len(token))?;
        match token {
            Token::Open(_) if open.len() < MAX_DEPTH => open.push(text),
            Token::Close(_) if matches!((open.pop()?, text), ("{", "}") | ("[", "]")) => {}
            Token::Open(_) | Token::Close(_) => return None,
            Token::Space(_) => {}
            // Outside the one value stands nothing but white space.
            _ if open.is_empty() => return None,
            _ => {}
        }
        tokens.push(token);
        rest = behind;
    }
    let opens = tokens
        .iter()
        .find(|token| !matches!(token, Token::Space(_)));
    (open.is_empty() && matches!(opens, Some(Token::Open(_)))).then_some(tokens)
}

/// The first token of text that is not empty.
fn next(text: &str) -> Option<Token<'_>> {
    let while_all = |is_part: fn(char) -> bool| {
        let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
        text.get(..end)
    };
    Some(match text.chars().next()? {
        '{' | '[' => Token::Open(text.get(..1)?),
        '}' | ']' => Token::Close(text.get(..1)?),
        ',' => Token::Comma,
        ':' => Token::Colon,
        '"' => Token::Text(text.get(..string_len(text)?)?),
        c if is_space(c) => Token::Space(while_all(is_space)?),
        _ => Token::Scalar(while_all(|c| !is_space(c) && !"{}[],:\"".contains(c))?),
    })
}

const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// The length of the string that `text` starts with; `None` if it does not end.
fn string_len(text: &str) -> Option<usize> {
    let mut escaped = false;
    let end = text.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !escaped;
        escaped = byte == b'\\' && !escaped;
        ends
    })?;
    end.checked_add(2)
}

const fn len(token: Token<'_>) -> usize {
    match token {
        Token::Comma | Token::Colon => 1,
        Token::Open(text)
        | Token::Close(text)
        | Token::Text(text)
        | Token::Scalar(text)
        | Token::Space(text) => text.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_belongs_to_one_token() {
        let text = " {\"a\\\"}\" : [1.50, true,null ]}\r\n";
        let tokens = read(text).expect("JSON");
        assert_eq!(
            tokens.iter().map(|token| len(*token)).sum::<usize>(),
            text.len()
        );
        assert_eq!(tokens.get(2), Some(&Token::Text("\"a\\\"}\"")));
        assert_eq!(tokens.len(), 17);
    }

    #[test]
    fn what_is_no_object_or_array_is_not_read() {
        let deep = "[".repeat(MAX_DEPTH + 1) + &"]".repeat(MAX_DEPTH + 1);
        let cases = [
            "", " ", "1", "\"a\"", "{", "}", "{]", "[1", "[\"a]", "[] []x", "a=b", "[1] 2", "{}}",
            &deep,
        ];
        for text in cases {
            assert_eq!(read(text), None, "{text}");
        }
        assert!(read("{}").is_some());
    }
}

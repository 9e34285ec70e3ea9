//! Header fields, and in words what is none.

use daxsign_core::{MessageField, MessageLine, MessageProblem};

/// Reads the field that starts on a line; else what is wrong with it.
pub(crate) fn read_field<'a>(line: &MessageLine<'a>) -> Result<MessageField<'a>, &'static str> {
    MessageField::parse(line).map_err(|problem| in_words(problem, line))
}

fn in_words(problem: MessageProblem, line: &MessageLine<'_>) -> &'static str {
    if problem == MessageProblem::NoColon {
        return "the line has no colon; expected a header field `Name: value`, or a blank line \
                before the body";
    }
    let mut name = line.text.iter().take_while(|byte| **byte != b':');
    if name.any(|byte| byte.is_ascii_control() && *byte != b'\t') {
        return "a control character stands in the name of the header field: remove it";
    }
    "what stands before the colon is not a header field name (no spaces, no \
     quotes); expected `Name: value`, or a blank line before the body"
}

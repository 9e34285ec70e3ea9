//! Commands for all operations, made of what the client knows of them.

use clap::{Arg, ArgAction, Args, Command, value_parser};
use daxsign_client::api::{FieldInfo, Kind, OperationInfo, ParameterInfo, Place};

use crate::rest::arguments::CallArguments;
use crate::rest::operations::{self, GROUPS, Name};
use crate::rest::values::placeholder;

/// Ids of arguments that not all operations have.
pub(crate) const LIMIT: &str = "page limit";
pub(crate) const OFFSET: &str = "page offset";
pub(crate) const ALL: &str = "all pages";
pub(crate) const BODY: &str = "whole body";
pub(crate) const SET: &str = "set";
pub(crate) const CLEAR: &str = "clear";

const QUERY_HEADING: &str = "Which, and what of them";
const BODY_HEADING: &str = "Body";

/// The tool's command with a command for each group of operations.
pub(crate) fn add_to(mut command: Command) -> Command {
    for group in GROUPS {
        let names = group.commands.iter();
        let verbs = names.filter_map(|name| Some(verb(name, name.info()?)));
        command = command.subcommand(
            Command::new(group.name)
                .about(group.about)
                .subcommand_required(true)
                .arg_required_else_help(true)
                .subcommands(verbs),
        );
    }
    command
}

/// Whether a command is one of those groups.
pub(crate) fn is_group(name: &str) -> bool {
    GROUPS.iter().any(|group| group.name == name)
}

fn verb(name: &Name, info: &'static OperationInfo) -> Command {
    let mut command = CallArguments::augment_args(Command::new(name.verb)).about(about(info));
    for parameter in operations::given(info) {
        command = command.arg(
            Arg::new(parameter.name)
                .value_name(shouted(parameter.name))
                .help(help(parameter.about, parameter.known))
                .required(true),
        );
    }
    for parameter in info.parameters {
        if parameter.place == Place::Query {
            command = command.arg(query(parameter));
        }
    }
    if let Some(most) = info.max_limit {
        command = command.args(pages(most));
    }
    if !info.patch_paths.is_empty() {
        command = command.args(changes(info));
    }
    for field in info.body {
        command = command.arg(body_field(field));
    }
    if !info.body.is_empty() || !info.patch_paths.is_empty() {
        command = command.arg(whole_body());
    }
    command
}

/// What an operation does, with its method and path.
fn about(info: &OperationInfo) -> String {
    let request = format!("{} {}", info.method.as_str(), info.path);
    match info.about {
        "" => request,
        about => format!("{request}: {about}"),
    }
}

fn query(parameter: &'static ParameterInfo) -> Arg {
    let arg = Arg::new(parameter.name)
        .long(option(parameter.name))
        .value_name(placeholder(parameter.kind))
        .help(help(parameter.about, parameter.known))
        .help_heading(QUERY_HEADING);
    if parameter.many {
        arg.action(ArgAction::Append).value_delimiter(',')
    } else {
        arg
    }
}

fn pages(most: u32) -> [Arg; 3] {
    let limit = Arg::new(LIMIT)
        .long("limit")
        .value_name("COUNT")
        .value_parser(value_parser!(u32).range(1..=i64::from(most)))
        .help(format!("How many a page holds, at most {most}"));
    let offset = Arg::new(OFFSET)
        .long("offset")
        .value_name("COUNT")
        .value_parser(value_parser!(u64))
        .help("How many stand before the page");
    let all = Arg::new(ALL)
        .long("all")
        .action(ArgAction::SetTrue)
        .help("All pages, one after the other; as JSON an item a line");
    [limit, offset, all].map(|arg| arg.help_heading(QUERY_HEADING))
}

fn changes(info: &OperationInfo) -> [Arg; 2] {
    let names = info
        .patch_paths
        .iter()
        .map(|path| path.trim_start_matches('/'));
    let names = names.collect::<Vec<_>>().join(", ").to_lowercase();
    let set = Arg::new(SET)
        .long("set")
        .value_name("NAME=VALUE")
        .help(format!("Replace: {names}; a PIN as pincode=@FILE"));
    let clear = Arg::new(CLEAR)
        .long("clear")
        .value_name("NAME")
        .help("Replace by null");
    [set, clear].map(|arg| arg.action(ArgAction::Append).help_heading(BODY_HEADING))
}

fn body_field(field: &'static FieldInfo) -> Arg {
    let needed = if field.required { "Needed. " } else { "" };
    let arg = Arg::new(field_id(field))
        .long(option(field.name))
        .value_name(placeholder(field.kind))
        .help(format!("{needed}{}", help(field.about, field.known)))
        .help_heading(BODY_HEADING);
    if field.many || matches!(field.kind, Kind::Texts) {
        arg.action(ArgAction::Append)
    } else {
        arg
    }
}

fn whole_body() -> Arg {
    Arg::new(BODY)
        .long("body")
        .value_name("JSON|@FILE")
        .help("The whole body, for what has no option; options replace its fields")
        .help_heading(BODY_HEADING)
}

/// The id of a field's argument: a parameter may have the same name.
pub(crate) fn field_id(field: &FieldInfo) -> String {
    format!("body {}", field.name)
}

/// `nameFilter` as the option `--name-filter`; what the API writes in two ways is one.
pub(crate) fn option(name: &str) -> String {
    match name {
        "idfilter" => "id-filter".to_owned(),
        _ => spaced(name, '-'),
    }
}

/// `cardOwnerId` as `CARD_OWNER_ID`.
fn shouted(name: &str) -> String {
    spaced(name, '_').to_uppercase()
}

/// Words parted by `separator` instead of capitals, in lowercase.
fn spaced(name: &str, separator: char) -> String {
    let mut text = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push(separator);
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

/// What is said of a value.
fn help(about: &str, known: &[&str]) -> String {
    match known {
        [] => about.to_owned(),
        _ => format!("{about} Known: {}", known.join(", "))
            .trim()
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_commands_hold_together() {
        let command = add_to(Command::new("daxsign"));
        command.clone().debug_assert();
        let count = |command: &Command| command.get_subcommands().count();
        let verbs: usize = command.get_subcommands().map(count).sum();
        assert_eq!(verbs, 49);
    }

    #[test]
    fn names_become_options() {
        assert_eq!(option("selectedAttributes"), "selected-attributes");
        assert_eq!(option("idfilter"), option("idFilter"));
        assert_eq!(shouted("cardOwnerId"), "CARD_OWNER_ID");
    }
}

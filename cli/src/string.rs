//! `daxsign string`: exactly the bytes that are signed.

use daxsign_core::write_signing_string;

use crate::arguments::StringArguments;
use crate::failure::Failure;
use crate::input::Input;
use crate::request_file::{component_list, header_fields, parse_request, request};
use crate::{output, place};

/// Runs the command.
pub(crate) fn run(arguments: &StringArguments) -> Result<(), Failure> {
    let file = output::new_file(arguments.out.file.as_deref())?;
    let input = Input::read(&arguments.request.path)?;
    let raw = parse_request(&input)?;
    let headers = header_fields(&raw);
    let request = request(&raw, &headers);
    let components = component_list(arguments.list.headers.as_deref(), &request)?;
    let options = arguments.target.options_with(&arguments.content);
    let mut string = Vec::new();
    let mut sink = |bytes: &[u8]| string.extend_from_slice(bytes);
    write_signing_string(&request, &components, options, &mut sink).map_err(|error| {
        Failure::refused(&error, &place::describe(&error, &input.name, &raw))
            .with_hint(place::hint(&error, &raw))
    })?;
    output::product(&string, file)
}

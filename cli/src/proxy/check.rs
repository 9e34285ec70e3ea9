//! `daxsign proxy --check`: what it would do, and whether a call goes through.

use daxsign_client::api::ListContracts;

use crate::failure::Failure;
use crate::output;
use crate::proxy::arguments::ProxyCommand;
use crate::proxy::operating_arguments::Admin;
use crate::proxy::upstream::Sender;
use crate::rest::client_error::failure;
use crate::terminal::shown;

/// Says what would be done, then lists the contracts.
pub(crate) async fn run(command: &ProxyCommand, sender: &Sender) -> Result<(), Failure> {
    for (what, how) in plan(command, sender) {
        output::write(format!("{what}: {how}\n").as_bytes())?;
    }
    let contracts = sender.client.call(&ListContracts::new()).await;
    let contracts = contracts.map_err(|error| failure(&error))?;
    let count = contracts.data.len();
    let status = contracts.status;
    let end = contracts.certificate.and_then(|notice| notice.expires_at);
    let end = end.map_or_else(String::new, |end| format!("; the certificate ends {end}"));
    let text = format!("GET /contracts: status {status}, {count} contracts{end}\n");
    output::write(text.as_bytes())
}

fn plan(command: &ProxyCommand, sender: &Sender) -> Vec<(&'static str, String)> {
    let settings = sender.client.session().settings();
    let own = &sender.own;
    let listen = command.listen.iter().map(ToString::to_string);
    let mut plan = vec![
        ("settings", shown(&sender.file)),
        ("requests go to", settings.base.to_string()),
        ("as", format!("{}, instance {}", own.user, own.client_id)),
        ("key", shown(&own.key)),
        ("signed", sender.way.to_string()),
        ("clients come in at", listen.collect::<Vec<_>>().join(", ")),
    ];
    let operators = match &command.operating.admin {
        Admin::Off => "nowhere".to_owned(),
        Admin::At(address) => address.to_string(),
    };
    plan.push(("operators ask at", operators));
    let names = [
        ("further names", &command.allow_host),
        ("pages of", &command.allow_origin),
    ];
    let names = names.into_iter().filter(|(_, names)| !names.is_empty());
    plan.extend(names.map(|(what, names)| (what, names.join(", "))));
    let secret = command.secret_file.as_ref();
    plan.extend(secret.map(|file| ("with the secret in", shown(file))));
    plan.push((
        "limits",
        format!(
            "bodies of {} bytes; {} requests in work, {} waiting; {} s for each",
            command.max_body,
            command.max_requests,
            command.queue,
            command.timeout.as_secs_f32()
        ),
    ));
    plan
}

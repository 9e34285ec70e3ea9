//! What the client in Rust is told of a sandbox.

use daxsign_client::{Answers, ClientCertificate, Instance, Key, Roots, Secret, Settings};

use super::failed::Failed;
use super::people::read;
use super::running::Sandbox;

impl Sandbox {
    /// Settings of the client: it signs as production was seen to accept, and takes nothing that this exchange did not sign.
    ///
    /// # Errors
    /// [`Failed`] where a file cannot be read.
    pub fn client_settings(&self) -> Result<Settings, Failed> {
        let client = self.client();
        let password = Secret::new(client.password()?.as_str());
        let own = client.party().instance;
        let settings = Settings::observed(self.base(), own, client.user(), password);
        let mut settings = settings.map_err(Failed::of)?;
        settings.roots = Roots::Only(read(&self.authority_file())?.to_vec());
        let exchange = Answers::pinned(&read(&self.exchange_certificate_file())?);
        settings.answers = Answers::RequireSigned(exchange.map_err(Failed::of)?);
        if self.asks_for_client_certificates() {
            let key = read(&client.key_file())?;
            settings.client_certificate = Some(ClientCertificate {
                chain: read(&client.certificate_file())?.to_vec(),
                key: Secret::new(str::from_utf8(&key).map_err(Failed::of)?),
            });
        }
        Ok(settings)
    }

    /// The key that the client signs with.
    ///
    /// # Errors
    /// [`Failed`] where its file cannot be read.
    pub fn client_key(&self) -> Result<Key, Failed> {
        Key::read(self.client().key_file()).map_err(Failed::of)
    }

    /// The Alliera that allows the client everything, as operations name it.
    #[must_use]
    pub fn target_instance(&self) -> Instance {
        let party = self.target().party();
        Instance {
            partner: party.partner,
            instance: party.instance,
        }
    }
}

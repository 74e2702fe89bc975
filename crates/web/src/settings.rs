//! `[web]`: where does the desk listen, and how long does it wait for its people?

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::PathBuf;

use records::document::KindCode;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address and port.
    pub listen: String,
    /// PEM files; both or none. With them the desk speaks TLS only.
    pub certificate: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// A proxy on this network speaks TLS in our place, and says in `X-Forwarded-For` who asks.
    pub behind_proxy: bool,
    /// Minutes without a sign of life after which somebody is signed off.
    pub idle_minutes: u32,
    /// Kinds of document in the order of a chart, `["FACE", "HP"]`; what is not named follows by its name.
    pub chart_order: Vec<KindCode>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8443".into(),
            certificate: None,
            key: None,
            behind_proxy: false,
            idle_minutes: 15,
            chart_order: Vec::new(),
        }
    }
}

impl Settings {
    /// What cannot be meant, in words.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.certificate.is_some() != self.key.is_some() {
            problems.push("[web] certificate and key go together; give both or none".into());
        }
        if !(1..=720).contains(&self.idle_minutes) {
            problems.push("[web] idle_minutes is from 1 to 720".into());
        }
        match self.address() {
            Some(address) if self.is_plain() && !address.ip().is_loopback() && !self.behind_proxy => {
                problems.push(format!(
                    "[web] listen = {:?} can be reached from other machines without TLS; give certificate and key, \
                     or say behind_proxy = true where a proxy speaks TLS",
                    self.listen
                ));
            }
            // A name that resolves to nothing is told when the desk starts: the line runs without it.
            _ => {}
        }
        problems
    }

    /// Where people reach the desk, as far as we know.
    pub fn url(&self, address: SocketAddr) -> String {
        let scheme = if self.is_plain() { "http" } else { "https" };
        format!("{scheme}://{address}")
    }

    /// Whether what we speak ourselves is plain HTTP.
    pub(crate) fn is_plain(&self) -> bool {
        self.certificate.is_none()
    }

    /// Whether browsers see TLS.
    pub(crate) fn is_secure(&self) -> bool {
        !self.is_plain() || self.behind_proxy
    }

    pub(crate) fn address(&self) -> Option<SocketAddr> {
        self.listen.to_socket_addrs().ok()?.next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listening(listen: &str) -> Settings {
        Settings { listen: listen.into(), ..Settings::default() }
    }

    #[test]
    fn patient_data_never_leave_the_machine_unencrypted() {
        assert!(listening("127.0.0.1:8443").problems().is_empty());
        assert!(listening("[::1]:8443").problems().is_empty());
        let open = listening("0.0.0.0:8443");
        assert!(open.problems()[0].contains("without TLS"), "{:?}", open.problems());
        let proxied = Settings { behind_proxy: true, ..open.clone() };
        assert!(proxied.problems().is_empty());
        let tls = Settings { certificate: Some("a.pem".into()), key: Some("a.key".into()), ..open };
        assert!(tls.problems().is_empty());
    }

    #[test]
    fn a_certificate_without_its_key_is_a_problem() {
        let half = Settings { certificate: Some("a.pem".into()), ..Settings::default() };
        assert_eq!(half.problems().len(), 1);
    }
}

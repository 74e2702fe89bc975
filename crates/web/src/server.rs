//! Who listens, and how does it end?

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use rustls::crypto::ring;

use crate::desk::{Desk, Parts};
use crate::routes;
use crate::settings::Settings;

/// Why the desk cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address is not ours, or another program has it.
    #[error("cannot listen on {listen}: {source}; see [web] listen")]
    Listen { listen: String, source: io::Error },
    /// The PEM files cannot be read, or do not fit together.
    #[error("the certificate cannot be used: {0}; see [web] certificate and key")]
    Certificate(io::Error),
    #[error("the desk cannot be started: {0}")]
    Start(io::Error),
}

/// Serves until it is dropped.
pub struct Server {
    address: SocketAddr,
    handle: Handle<SocketAddr>,
    thread: Option<JoinHandle<()>>,
}

/// Answers that are under way are given this long when we stop.
const LAST_ANSWERS: Duration = Duration::from_secs(2);

impl Server {
    /// Listens at once; answers from threads of its own.
    pub fn start(parts: Parts) -> Result<Self, ServeError> {
        let settings = parts.settings.clone();
        let listening = |source| ServeError::Listen { listen: settings.listen.clone(), source };
        let listener = TcpListener::bind(&settings.listen).map_err(listening)?;
        listener.set_nonblocking(true).map_err(ServeError::Start)?;
        let address = listener.local_addr().map_err(ServeError::Start)?;
        let tls = tls(&settings).map_err(ServeError::Certificate)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(32)
            .thread_name("desk")
            .enable_all()
            .build()
            .map_err(ServeError::Start)?;
        let handle = Handle::new();
        let told = handle.clone();
        let app = routes::all(Desk::new(parts)).into_make_service_with_connect_info::<SocketAddr>();
        let thread = std::thread::Builder::new()
            .name("web".into())
            .spawn(move || {
                let served = runtime.block_on(async {
                    match tls {
                        Some(tls) => {
                            axum_server::from_tcp_rustls(listener, tls)?.handle(told).serve(app).await
                        }
                        None => axum_server::from_tcp(listener)?.handle(told).serve(app).await,
                    }
                });
                if let Err(error) = served {
                    tracing::error!(%error, "the desk has ended");
                }
                runtime.shutdown_timeout(LAST_ANSWERS);
            })
            .map_err(ServeError::Start)?;
        Ok(Self { address, handle, thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.handle.graceful_shutdown(Some(LAST_ANSWERS));
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// TLS 1.2 and 1.3, as the settings say; `None`: plain HTTP.
fn tls(settings: &Settings) -> io::Result<Option<RustlsConfig>> {
    let (Some(certificate), Some(key)) = (&settings.certificate, &settings.key) else { return Ok(None) };
    use rustls::pki_types::pem::PemObject as _;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let refused = |error: rustls::pki_types::pem::Error| io::Error::other(error.to_string());
    let chain = CertificateDer::pem_file_iter(certificate).map_err(refused)?;
    let chain = chain.collect::<Result<Vec<_>, _>>().map_err(refused)?;
    let key = PrivateKeyDer::from_pem_file(key).map_err(refused)?;
    let mut config = rustls::ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, key))
        .map_err(io::Error::other)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(RustlsConfig::from_config(Arc::new(config))))
}

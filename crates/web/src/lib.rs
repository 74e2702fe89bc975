//! The clerk's desk. So far it answers machines only: `GET /health` and `GET /metrics`, without patient data. Plain
//! HTTP: beyond this machine, put a proxy with TLS in front of it.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::Serialize;

/// What a supervisor asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Health {
    /// `ok`, or `failing` for the reasons that follow.
    pub status: &'static str,
    pub reasons: Vec<String>,
}

impl Health {
    pub fn of(reasons: Vec<String>) -> Self {
        Self { status: if reasons.is_empty() { "ok" } else { "failing" }, reasons }
    }
}

/// What is answered; asked anew every time.
pub trait Answers: Send + 'static {
    fn health(&self) -> Health;

    /// Prometheus's text format.
    fn metrics(&self) -> String;
}

/// Answers until it is dropped, one after the other: supervisors are few.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Listens at once, answers from a thread of its own.
    ///
    /// # Errors
    /// The address is not ours, or another program has it.
    pub fn start(listen: &str, answers: impl Answers) -> io::Result<Self> {
        let listener = TcpListener::bind(listen)?;
        listener.set_nonblocking(true)?;
        let (address, stop) = (listener.local_addr()?, Arc::new(AtomicBool::new(false)));
        let told = stop.clone();
        let thread = std::thread::Builder::new().name("web".into()).spawn(move || {
            while !told.load(Ordering::Relaxed) {
                match listener.accept() {
                    // Who hangs up or babbles gets no answer.
                    Ok((asker, _)) => drop(answer(asker, &answers)),
                    Err(_) => std::thread::sleep(Duration::from_millis(50)),
                }
            }
        })?;
        Ok(Self { address, stop, thread: Some(thread) })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// One question, one answer, then the connection ends.
fn answer(mut asker: TcpStream, answers: &impl Answers) -> io::Result<()> {
    asker.set_nonblocking(false)?;
    asker.set_write_timeout(Some(Duration::from_secs(2)))?;
    let question = head(&mut asker)?;
    let (code, media, body) = match question.split(' ').take(2).collect::<Vec<_>>()[..] {
        ["GET", "/health"] => {
            let health = answers.health();
            let code = if health.reasons.is_empty() { "200 OK" } else { "503 Service Unavailable" };
            (code, "application/json", serde_json::to_string(&health)?)
        }
        ["GET", "/metrics"] => ("200 OK", "text/plain; version=0.0.4", answers.metrics()),
        _ => ("404 Not Found", "text/plain", "there are /health and /metrics\n".into()),
    };
    let length = body.len();
    write!(
        asker,
        "HTTP/1.1 {code}\r\nContent-Type: {media}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    )
}

/// The question up to its empty line; bounded in bytes and time.
fn head(asker: &mut TcpStream) -> io::Result<String> {
    const LONGEST: usize = 8192;
    let until = Instant::now() + Duration::from_secs(2);
    let (mut head, mut piece) = (Vec::new(), [0; 1024]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") && head.len() < LONGEST {
        let left = until.checked_duration_since(Instant::now()).ok_or(io::ErrorKind::TimedOut)?;
        asker.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
        match asker.read(&mut piece)? {
            0 => break,
            count => head.extend_from_slice(&piece[..count]),
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Failing;

    impl Answers for Failing {
        fn health(&self) -> Health {
            Health::of(vec!["the catalogue does not answer".into()])
        }

        fn metrics(&self) -> String {
            "up 0\n".into()
        }
    }

    fn ask(server: &Server, what: &str) -> String {
        let mut connection = TcpStream::connect(server.address()).unwrap();
        write!(connection, "{what} HTTP/1.1\r\nHost: here\r\n\r\n").unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_supervisor_hears_the_reasons_and_nobody_else_anything() {
        let server = Server::start("127.0.0.1:0", Failing).unwrap();
        let health = ask(&server, "GET /health");
        assert!(health.starts_with("HTTP/1.1 503 ") && health.contains("does not answer"), "{health}");
        assert!(ask(&server, "GET /metrics").ends_with("\r\n\r\nup 0\n"));
        assert!(ask(&server, "POST /health").starts_with("HTTP/1.1 404 "));
        assert!(ask(&server, "GET /../etc/passwd").starts_with("HTTP/1.1 404 "));
    }

    #[test]
    fn an_address_that_is_taken_is_an_error() {
        let server = Server::start("127.0.0.1:0", Failing).unwrap();
        assert!(Server::start(&server.address().to_string(), Failing).is_err());
    }
}

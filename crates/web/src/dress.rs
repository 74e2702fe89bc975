//! What does every answer wear? Headers that keep browsers strict, and faults in the form that the asker reads.

use askama::Template;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse as _, Redirect, Response};

use crate::desk::Desk;
use crate::fault::Fault;

/// Only what comes from here, no script or style inside a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    connect-src 'self'; font-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

pub(crate) async fn dress(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let asked = Asked::of(request.uri(), request.headers());
    let mut response = next.run(request).await;
    if let Some(fault) = response.extensions_mut().remove::<Fault>() {
        response = asked.told(&fault);
    }
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    set(header::CACHE_CONTROL, "no-store");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    if desk.settings.is_secure() {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Who reads the answer: a browser that shows a page, a script that puts a part into one, a program.
enum Asked {
    Page { back: String },
    Part { back: String },
    Program,
}

#[derive(Template)]
#[template(path = "fault.html")]
struct FaultPage {
    title: &'static str,
    words: String,
}

impl Asked {
    fn of(uri: &Uri, headers: &HeaderMap) -> Self {
        if uri.path().starts_with("/api/") {
            return Self::Program;
        }
        if headers.contains_key("hx-request") || headers.contains_key("x-part") {
            // Where the person is, not what the part was.
            let shown = headers.get("hx-current-url").and_then(|url| url.to_str().ok()?.parse::<Uri>().ok());
            let back =
                shown.and_then(|url| Some(url.path_and_query()?.to_string())).unwrap_or_else(|| "/".into());
            return Self::Part { back };
        }
        Self::Page { back: uri.path_and_query().map_or_else(|| "/".into(), ToString::to_string) }
    }

    fn told(&self, fault: &Fault) -> Response {
        let status = fault.status();
        match self {
            Self::Program => {
                (status, axum::Json(serde_json::json!({ "error": fault.words() }))).into_response()
            }
            Self::Part { back } if *fault == Fault::SignIn => {
                let mut response = StatusCode::UNAUTHORIZED.into_response();
                if let Ok(to) = HeaderValue::from_str(&sign_in(back)) {
                    response.headers_mut().insert("hx-redirect", to);
                }
                response
            }
            Self::Page { back } if *fault == Fault::SignIn => Redirect::to(&sign_in(back)).into_response(),
            Self::Part { .. } => (status, fault.words()).into_response(),
            Self::Page { .. } => {
                let title = if *fault == Fault::NotThere { "Not here" } else { "That did not work" };
                match (FaultPage { title, words: fault.words() }).render() {
                    Ok(page) => (status, Html(page)).into_response(),
                    Err(_) => status.into_response(),
                }
            }
        }
    }
}

/// Back to the same place afterwards.
fn sign_in(back: &str) -> String {
    if back == "/" {
        return "/sign-in".into();
    }
    format!("/sign-in?{}", serde_html_form::to_string([("back", back)]).unwrap_or_default())
}

//! What was sent, and was it meant? Whatever changes something is posted with the session's own token.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::header::CONTENT_TYPE;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Person;
use crate::desk::Desk;
use crate::fault::Fault;

/// A form (or a JSON value) that a signed-in person sent from one of our pages.
pub(crate) struct Act<T> {
    pub(crate) person: Person,
    pub(crate) form: T,
}

/// A form without fields of its own: a button.
#[derive(Deserialize)]
pub(crate) struct Button {}

#[derive(Deserialize)]
struct Token {
    csrf: String,
}

impl<T: DeserializeOwned> FromRequest<Desk> for Act<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, desk: &Desk) -> Result<Self, Fault> {
        let (mut parts, body) = request.into_parts();
        let person = Person::from_request_parts(&mut parts, desk).await?;
        let header = parts.headers.get("x-csrf").and_then(|value| value.to_str().ok()).map(str::to_owned);
        let json = parts
            .headers
            .get(CONTENT_TYPE)
            .is_some_and(|media| media.as_bytes().starts_with(b"application/json"));
        let request = Request::from_parts(parts, body);
        let bytes = Bytes::from_request(request, desk).await.map_err(|_| Fault::TooLarge)?;
        let form_token = || serde_html_form::from_bytes::<Token>(&bytes).ok().map(|token| token.csrf);
        let token = header.or_else(|| if json { None } else { form_token() });
        if token.is_none_or(|token| !same(&token, &person.csrf)) {
            return Err(Fault::refused("This form is no longer valid. Load the page again and repeat."));
        }
        let unread = "This form was not understood. Load the page again and repeat.";
        let form =
            if json { serde_json::from_slice(&bytes).ok() } else { serde_html_form::from_bytes(&bytes).ok() };
        Ok(Self { person, form: form.ok_or_else(|| Fault::refused(unread))? })
    }
}

/// In a time that tells nothing.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
}

//! Stripe's protocol: what is sent, and how an answer is read. Anything that may have been done is unknown.
use reqwest::{Client, RequestBuilder, StatusCode, header, redirect::Policy};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::time::Duration;

/// The version of the API whose answers are read here.
const VERSION: &str = "2024-06-20";
/// Bytes of an answer that are read at most.
const MOST: usize = 256 * 1024;

/// A connection to an account.
pub struct Wire {
    client: Client,
    url: String,
    key: SecretString,
}

/// The fields that are read of a PaymentIntent or a refund.
#[derive(Debug, Deserialize)]
pub struct Object {
    pub id: String,
    pub status: String,
    #[serde(default)]
    client_secret: Option<String>,
    #[serde(default)]
    next_action: Option<NextAction>,
    #[serde(default)]
    last_payment_error: Option<Failure>,
}

#[derive(Debug, Deserialize)]
struct NextAction {
    #[serde(default)]
    redirect_to_url: Option<Redirect>,
}

#[derive(Debug, Deserialize)]
struct Redirect {
    url: String,
}

/// Stripe's word for what went wrong (<https://docs.stripe.com/api/errors>).
#[derive(Debug, Default, Deserialize)]
struct Failure {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    decline_code: Option<String>,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    payment_intent: Option<Reference>,
}

#[derive(Debug, Deserialize)]
struct Reference {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Envelope {
    error: Failure,
}

/// The sentence of Stripe.
#[derive(Debug)]
pub enum Reply {
    Object(Object),
    /// It will not be done.
    Refused {
        why: String,
        reference: Option<String>,
    },
    /// It may have been done, or can be later.
    Unknown(String),
}

impl Object {
    /// The address or secret with which the payer goes on.
    pub fn action(&self) -> String {
        let page = self.next_action.as_ref().and_then(|next| next.redirect_to_url.as_ref()).map(|to| to.url.clone());
        page.or_else(|| self.client_secret.clone()).unwrap_or_default()
    }

    /// Why it was not promised.
    pub fn failure(&self) -> String {
        self.last_payment_error.as_ref().and_then(Failure::word).unwrap_or_else(|| self.status.clone())
    }
}

impl Failure {
    fn word(&self) -> Option<String> {
        self.decline_code.clone().or_else(|| self.code.clone()).or_else(|| self.kind.clone())
    }
}

impl Wire {
    /// To a base address, within so much time for each call.
    pub fn new(url: &str, key: SecretString, timeout: Duration) -> anyhow::Result<Self> {
        let connecting = timeout.min(Duration::from_secs(2));
        let client = Client::builder().timeout(timeout).connect_timeout(connecting).redirect(Policy::none()).no_proxy();
        Ok(Self { client: client.build()?, url: url.trim_end_matches('/').to_owned(), key })
    }

    /// Asks for something to be done, once under a key.
    pub async fn post(&self, path: &str, key: &str, form: &[(&str, String)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = self.client.post(format!("{}{path}", self.url)).header("Idempotency-Key", key);
        let form = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body);
        self.send(form).await
    }

    /// Looks at something.
    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.client.get(format!("{}{path}", self.url))).await
    }

    async fn send(&self, request: RequestBuilder) -> Reply {
        let request = request.bearer_auth(self.key.expose_secret()).header("Stripe-Version", VERSION);
        let mut response = match request.send().await {
            Ok(response) => response,
            Err(error) => return Reply::Unknown(format!("Stripe was not reached: {}", error.without_url())),
        };
        let (status, mut bytes) = (response.status(), vec![]);
        loop {
            match response.chunk().await {
                Ok(Some(chunk)) if bytes.len() + chunk.len() <= MOST => bytes.extend_from_slice(&chunk),
                Ok(Some(_)) => return Reply::Unknown("the answer is too large".into()),
                Ok(None) => return read(status, &bytes),
                Err(error) => return Reply::Unknown(format!("the answer broke off: {}", error.without_url())),
            }
        }
    }
}

/// Reads an answer. Of refusals only those count that a repetition cannot change: not those for a wrong key, too many
/// calls or one that is still being worked on.
pub fn read(status: StatusCode, bytes: &[u8]) -> Reply {
    if status.is_success() {
        return match serde_json::from_slice(bytes) {
            Ok(object) => Reply::Object(object),
            Err(error) => Reply::Unknown(format!("an answer that cannot be read: {error}")),
        };
    }
    // What stands between us and Stripe may answer with a page of its own.
    let failure = match serde_json::from_slice::<Envelope>(bytes) {
        Ok(envelope) => envelope.error,
        Err(_) => Failure::default(),
    };
    let why = failure.word().unwrap_or_else(|| format!("http_{}", status.as_u16()));
    match status {
        StatusCode::PAYMENT_REQUIRED | StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND => {
            Reply::Refused { why, reference: failure.payment_intent.map(|intent| intent.id) }
        }
        _ => Reply::Unknown(format!("{} {why}", status.as_u16())),
    }
}

/// The id of the PaymentIntent that an event is about; none of other events.
pub fn subject_of(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Event {
        #[serde(rename = "type")]
        kind: String,
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        object: Subject,
    }
    #[derive(Deserialize)]
    struct Subject {
        id: String,
    }
    let event: Event = serde_json::from_slice(body).ok()?;
    event.kind.starts_with("payment_intent.").then_some(event.data.object.id)
}

//! The messages of `graphql-transport-ws`.

use crate::http::{
    answer,
    request::{self, Parameters},
};
use serde::Serialize;
use serde_json::{Map, Value, json, value::RawValue};

/// The longest id of an operation, in bytes.
const ID_BYTES_MAX: usize = 256;

/// What a client says.
pub enum ClientMessage {
    /// The first message.
    ConnectionInit {
        /// `Bearer <token>`, when the payload has one.
        authorization: Option<String>,
    },
    /// A sign of life that is answered.
    Ping {
        /// What comes back with the answer.
        payload: Option<Value>,
    },
    /// The answer to one of ours.
    Pong,
    /// Runs an operation.
    Subscribe(Subscribe),
    /// Ends one.
    Complete {
        /// Which.
        id: String,
    },
}

/// An operation to run.
pub struct Subscribe {
    /// What the client calls it.
    pub id: String,
    /// What it asks.
    pub parameters: Parameters,
}

impl ClientMessage {
    /// Reads a message; `None` when it is none of the protocol.
    pub fn read(text: &str) -> Option<Self> {
        let mut message: Map<String, Value> = serde_json::from_str(text).ok()?;
        let payload = message.remove("payload");
        let id = match message.remove("id") {
            Some(Value::String(id)) if (1..=ID_BYTES_MAX).contains(&id.len()) => Some(id),
            None => None,
            Some(_) => return None,
        };
        match message.get("type")?.as_str()? {
            "connection_init" => {
                let authorization = read_authorization(object(payload)?.unwrap_or_default())?;
                Some(Self::ConnectionInit { authorization })
            }
            "ping" => Some(Self::Ping { payload: object(payload)?.map(Value::Object) }),
            "pong" => object(payload).map(|_| Self::Pong),
            "subscribe" => {
                let parameters = request::read_object(payload?).ok()?;
                Some(Self::Subscribe(Subscribe { id: id?, parameters }))
            }
            "complete" => Some(Self::Complete { id: id? }),
            _ => None,
        }
    }
}

/// The authorization of a payload, whose names are those of headers: their case says nothing. `None` when it is no text
/// or there are two.
fn read_authorization(payload: Map<String, Value>) -> Option<Option<String>> {
    let mut values = payload
        .into_iter()
        .filter(|(name, value)| name.eq_ignore_ascii_case("authorization") && !value.is_null())
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => Some(None),
        (Some(Value::String(value)), None) => Some(Some(value)),
        (Some(_), _) => None,
    }
}

/// A payload that may be missing; `None` when it is there and no object.
fn object(payload: Option<Value>) -> Option<Option<Map<String, Value>>> {
    match payload {
        None | Some(Value::Null) => Some(None),
        Some(Value::Object(object)) => Some(Some(object)),
        Some(_) => None,
    }
}

/// What the server says about an operation.
#[derive(Serialize)]
struct About<'a> {
    id: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    payload: Option<&'a RawValue>,
}

fn about(id: &str, kind: &'static str, payload: Option<&RawValue>) -> String {
    answer::raw(&About { id, kind, payload }).get().to_owned()
}

/// The client may begin.
pub fn connection_ack() -> String {
    json!({ "type": "connection_ack" }).to_string()
}

/// The answer to a ping.
pub fn pong(payload: Option<Value>) -> String {
    match payload {
        None => json!({ "type": "pong" }).to_string(),
        Some(payload) => json!({ "type": "pong", "payload": payload }).to_string(),
    }
}

/// A result of an operation.
pub fn next(id: &str, payload: &RawValue) -> String {
    about(id, "next", Some(payload))
}

/// An operation was not run; nothing follows.
pub fn error(id: &str, errors: &RawValue) -> String {
    about(id, "error", Some(errors))
}

/// An operation is over.
pub fn complete(id: &str) -> String {
    about(id, "complete", None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authorization_is_known_in_any_case() {
        let read = |payload: &str| {
            let text = format!("{{\"type\":\"connection_init\",\"payload\":{payload}}}");
            match ClientMessage::read(&text) {
                Some(ClientMessage::ConnectionInit { authorization }) => Some(authorization),
                _ => None,
            }
        };
        for name in ["authorization", "Authorization", "AUTHORIZATION"] {
            let payload = format!("{{\"{name}\":\"Bearer x\"}}");
            assert_eq!(read(&payload), Some(Some("Bearer x".to_owned())), "{name}");
        }
        assert_eq!(read(r#"{"Authorization":null}"#), Some(None));
        assert_eq!(read(r#"{"Authorization":1}"#), None);
        assert_eq!(read(r#"{"authorization":"Bearer x","Authorization":"Bearer y"}"#), None, "which?");
    }

    #[test]
    fn only_messages_of_the_protocol_are_read() {
        for right in [
            r#"{"type":"connection_init"}"#,
            r#"{"type":"connection_init","payload":{"authorization":"Bearer x","more":1}}"#,
            r#"{"type":"ping","payload":{"at":1}}"#,
            r#"{"type":"pong"}"#,
            r#"{"id":"1","type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"id":"1","type":"complete"}"#,
        ] {
            assert!(ClientMessage::read(right).is_some(), "{right}");
        }
        for wrong in [
            "",
            "[]",
            "{}",
            r#"{"type":"start"}"#,
            r#"{"type":"connection_init","payload":1}"#,
            r#"{"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"id":"","type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"id":1,"type":"subscribe","payload":{"query":"{a}"}}"#,
            r#"{"id":"1","type":"subscribe"}"#,
            r#"{"id":"1","type":"subscribe","payload":{}}"#,
            r#"{"type":"complete"}"#,
        ] {
            assert!(ClientMessage::read(wrong).is_none(), "{wrong}");
        }
    }
}

//! The parameters of a GraphQL request, read from a body or from the URL.

use crate::schema::fault::FaultCode;
use axum::http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

/// The longest body, in bytes: a list of a few hundred entries, and nothing that hurts.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// What a client asks, before anybody looked into the document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parameters {
    /// The document, unless it is named alone.
    pub query: Option<String>,
    /// The name of a document: its id, or its SHA-256.
    pub document: Option<String>,
    /// Which of its operations.
    pub operation_name: Option<String>,
    /// The values of its variables.
    pub variables: Map<String, Value>,
}

/// An HTTP request that is none of GraphQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRequest {
    /// The status to answer with.
    pub status: StatusCode,
    /// The code of the error.
    pub code: FaultCode,
    /// What is wrong.
    pub message: String,
}

impl BadRequest {
    /// A request that is not what the protocol asks for.
    pub fn new(message: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: FaultCode::BadRequest, message: message.into() }
    }
}

/// Checks that a body is plain JSON in UTF-8. Anything a form of a foreign page could send is refused.
///
/// # Errors
/// 415 for another media type, charset or encoding.
pub fn check_body_headers(headers: &HeaderMap) -> Result<(), BadRequest> {
    let refuse = |message: &str| {
        Err(BadRequest {
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
            code: FaultCode::UnsupportedMediaType,
            message: message.to_owned(),
        })
    };
    if headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity") {
        return refuse("compressed bodies are not taken");
    }
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = content_type.unwrap_or_default().split(';').map(str::trim);
    if !parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json")) {
        return refuse("the body must be application/json");
    }
    let foreign = parts.filter_map(|part| part.split_once('=')).any(|(name, value)| {
        name.trim().eq_ignore_ascii_case("charset")
            && !value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    });
    if foreign { refuse("the body must be in UTF-8") } else { Ok(()) }
}

/// Reads a body.
///
/// # Errors
/// 400 when it is no JSON object with the parameters of their right types.
pub fn read_body(body: &[u8]) -> Result<Parameters, BadRequest> {
    let value: Value = serde_json::from_slice(body)
        .map_err(|error| BadRequest::new(format!("the body is not JSON: {error}")))?;
    read_object(value)
}

/// Reads the parameters from a JSON value.
///
/// # Errors
/// 400 when it is no object, or a parameter has a wrong type.
pub fn read_object(value: Value) -> Result<Parameters, BadRequest> {
    let mut object = match value {
        Value::Object(object) => object,
        Value::Array(_) => return Err(BadRequest::new("batches are not taken: send one request at a time")),
        _ => return Err(BadRequest::new("the body must be a JSON object")),
    };
    let query = match object.remove("query") {
        Some(Value::String(query)) => Some(query),
        Some(_) => return Err(BadRequest::new("`query` must be a string")),
        None => None,
    };
    let operation_name = read_text("operationName", object.remove("operationName"))?;
    let variables = read_map("variables", object.remove("variables"))?;
    let id = read_text("documentId", object.remove("documentId"))?;
    let extensions = read_map("extensions", object.remove("extensions"))?;
    let document = id.map_or_else(|| read_persisted(&extensions), |id| Ok(Some(id)))?;
    if query.is_none() && document.is_none() {
        return Err(BadRequest::new("`query` is missing"));
    }
    Ok(Parameters { query, document, operation_name, variables })
}

/// The hash in `extensions.persistedQuery`. Other extensions are left alone: none is defined.
fn read_persisted(extensions: &Map<String, Value>) -> Result<Option<String>, BadRequest> {
    let Some(persisted) = extensions.get("persistedQuery") else { return Ok(None) };
    let version = persisted.get("version").and_then(Value::as_u64);
    match persisted.get("sha256Hash").and_then(Value::as_str) {
        Some(hash) if version == Some(1) => Ok(Some(hash.to_ascii_lowercase())),
        _ => Err(BadRequest::new("`persistedQuery` must have `version` 1 and a `sha256Hash`")),
    }
}

fn read_text(name: &str, value: Option<Value>) -> Result<Option<String>, BadRequest> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(BadRequest::new(format!("`{name}` must be a string or null"))),
    }
}

fn read_map(name: &str, value: Option<Value>) -> Result<Map<String, Value>, BadRequest> {
    match value {
        None | Some(Value::Null) => Ok(Map::new()),
        Some(Value::Object(map)) => Ok(map),
        Some(_) => Err(BadRequest::new(format!("`{name}` must be an object or null"))),
    }
}

/// Reads the query of a URL, with `variables` and `extensions` as JSON in it.
///
/// # Errors
/// 400 when a parameter is missing, doubled or of a wrong type.
pub fn read_url(query: Option<&str>) -> Result<Parameters, BadRequest> {
    let mut object = Map::new();
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        let read = match &*name {
            "query" | "operationName" | "documentId" => Value::String(value.into_owned()),
            "variables" | "extensions" if value.is_empty() => Value::Null,
            "variables" | "extensions" => serde_json::from_str(&value)
                .map_err(|error| BadRequest::new(format!("`{name}` is not JSON: {error}")))?,
            _ => continue,
        };
        let empty_name = name == "operationName" && read == "";
        let read = if empty_name { Value::Null } else { read };
        if object.insert(name.clone().into_owned(), read).is_some() {
            return Err(BadRequest::new(format!("`{name}` is given twice")));
        }
    }
    read_object(Value::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters_have_their_types() {
        let right =
            json!({"query": "{a}", "operationName": null, "variables": null, "extensions": {}, "more": 1});
        assert_eq!(read_object(right).unwrap().query.as_deref(), Some("{a}"));
        let named = json!({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "AB"}}});
        assert_eq!(read_object(named).unwrap().document.as_deref(), Some("ab"));
        for wrong in [
            json!([]),
            json!("{a}"),
            json!({}),
            json!({"query": 1}),
            json!({"query": null}),
            json!({"query": "{a}", "operationName": 1}),
            json!({"query": "{a}", "variables": []}),
            json!({"query": "{a}", "variables": "{}"}),
            json!({"query": "{a}", "extensions": 1}),
            json!({"query": "{a}", "documentId": 1}),
            json!({"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "ab"}}}),
        ] {
            assert!(read_object(wrong.clone()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_url_carries_its_objects_as_json() {
        let read = read_url(Some("query=%7Ba%7D&variables=%7B%22x%22%3A1%7D&operationName=")).unwrap();
        assert_eq!((read.query.as_deref(), read.operation_name), (Some("{a}"), None));
        assert_eq!(read.variables.get("x"), Some(&json!(1)));
        for wrong in
            [None, Some("query=a&query=b"), Some("query=a&variables=x"), Some("query=a&extensions=1")]
        {
            assert!(read_url(wrong).is_err(), "{wrong:?}");
        }
    }
}

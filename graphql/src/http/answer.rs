//! Answers: the JSON of a response, every error with its code and the request id, long texts clipped.

use super::{envelope::RequestTag, kept::Kept, negotiation::Media, request::BadRequest};
use crate::schema::fault::{FaultCode, InChinese, server_fault};
use async_graphql::{Response, ServerError};
use axum::{
    body::{Body, Bytes},
    http::{HeaderValue, StatusCode, header},
    response,
};
use engine::refusal::wording::Language;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// The longest text of an error, in characters: parsers echo what they were given.
const MESSAGE_CHARS_MAX: usize = 500;

/// The most errors of one answer.
const ERRORS_MAX: usize = 50;

/// A response as it is written; fields keep the order in which they were asked for.
#[derive(Serialize)]
struct Written {
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<async_graphql::Value>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<ServerError>,
}

/// The JSON of a response. `data` is left out when nothing was executed.
pub fn body(response: Response, tag: &RequestTag) -> Box<RawValue> {
    let executed = was_executed(&response);
    let data = executed.then_some(response.data);
    raw(&Written { data, errors: errors(response.errors, tag) })
}

/// Anything of ours as JSON.
pub fn raw(value: &impl Serialize) -> Box<RawValue> {
    // Our own values have string keys and no floats, so nothing can fail; were it otherwise, it is said.
    to_raw_value(value).unwrap_or_else(|error| {
        tracing::error!(%error, "an answer is no JSON");
        RawValue::NULL.to_owned()
    })
}

/// Whether fields were resolved: an error without a path stopped the request before.
pub fn was_executed(response: &Response) -> bool {
    let stopped = response.data == async_graphql::Value::Null
        && !response.errors.is_empty()
        && response.errors.iter().all(|error| error.path.is_empty());
    !stopped
}

/// Errors as they are shown: in the language of the request, clipped, each counted, with its code and the request id.
pub fn errors(errors: Vec<ServerError>, tag: &RequestTag) -> Vec<ServerError> {
    let show = |mut error: ServerError| {
        let code = code_of(&error);
        if tag.language == Language::Chinese {
            error.message = in_chinese(&error, code);
        }
        if error.message.chars().count() > MESSAGE_CHARS_MAX {
            error.message = error.message.chars().take(MESSAGE_CHARS_MAX).chain(['…']).collect();
        }
        let extensions = error.extensions.get_or_insert_with(Default::default);
        if extensions.get("code").is_none() {
            extensions.set("code", code.as_str());
        }
        if let Some(async_graphql::Value::String(code)) = extensions.get("code") {
            tag.seen.failed(code);
        }
        extensions.set("requestId", tag.id.as_str());
        error
    };
    errors.into_iter().take(ERRORS_MAX).map(show).collect()
}

/// The words of an error in Chinese: its own, or else what kind it is before those of the library, which speaks English.
fn in_chinese(error: &ServerError, code: FaultCode) -> String {
    let has_words = |text: &str| text.chars().any(|it| ('一'..='鿿').contains(&it));
    match error.source::<InChinese>() {
        Some(InChinese(words)) => words.clone(),
        None if has_words(&error.message) => error.message.clone(),
        // Clients of persisted queries know it by these very words.
        None if code == FaultCode::PersistedQueryNotFound => error.message.clone(),
        None => format!("{}:{}", code.zh(), error.message),
    }
}

/// The code of an error: its own, or of one that the library made, what it says.
fn code_of(error: &ServerError) -> FaultCode {
    let given = error.extensions.as_ref().and_then(|it| it.get("code"));
    if let Some(async_graphql::Value::String(name)) = given
        && let Some(code) = FaultCode::named(name)
    {
        return code;
    }
    let says = |beginning: &str| error.message.starts_with(beginning);
    if !error.path.is_empty() {
        return if says("Failed to parse") || says("Invalid value") {
            FaultCode::BadUserInput
        } else {
            FaultCode::Internal
        };
    }
    let limits =
        ["Query is too complex", "Query is nested too deep", "The recursion depth", "The number of dir"];
    if limits.into_iter().any(says) { FaultCode::TooComplex } else { FaultCode::ValidationFailed }
}

/// The HTTP answer to a request whose document was looked at.
pub fn respond(media: Media, response: Response, tag: &RequestTag) -> response::Response {
    let status = match media {
        Media::GraphqlResponse if !was_executed(&response) => StatusCode::BAD_REQUEST,
        Media::GraphqlResponse | Media::Json => StatusCode::OK,
    };
    write(status, media, &body(response, tag))
}

/// The JSON of a response, to be written more than once.
pub fn bytes(response: Response, tag: &RequestTag) -> Bytes {
    Box::<str>::from(body(response, tag)).into_string().into()
}

/// The HTTP answer of an operation that ran without errors, now or before.
pub fn again(media: Media, Kept { body, operation }: Kept) -> response::Response {
    let mut response = write_bytes(StatusCode::OK, media, body);
    response.extensions_mut().insert(operation);
    response
}

/// The HTTP answer to a request that is none of GraphQL.
pub fn refuse(media: Media, bad: BadRequest, tag: &RequestTag) -> response::Response {
    let errors = errors(vec![server_fault(bad.code, bad.message)], tag);
    write(bad.status, media, &raw(&Written { data: None, errors }))
}

/// An HTTP answer of JSON.
pub fn write(status: StatusCode, media: Media, body: &RawValue) -> response::Response {
    write_bytes(status, media, body.get().to_owned().into())
}

fn write_bytes(status: StatusCode, media: Media, body: Bytes) -> response::Response {
    let mut response = response::Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.content_type()));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language, Authorization"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::seen::Seen;
    use crate::schema::fault::{bad_input, not_allowed};
    use async_graphql::{PathSegment, Pos};

    fn tag() -> RequestTag {
        RequestTag { id: "r-1".to_owned(), seen: Seen::default(), language: Language::English }
    }

    #[test]
    fn errors_are_clipped_and_carry_code_and_request_id() {
        let long = ServerError::new("x".repeat(2000), None);
        let shown = errors(vec![long], &tag());
        assert_eq!(shown[0].message.chars().count(), MESSAGE_CHARS_MAX + 1);
        let extensions = shown[0].extensions.clone().unwrap();
        assert_eq!(extensions.get("code"), Some(&"GRAPHQL_VALIDATION_FAILED".into()));
        assert_eq!(extensions.get("requestId"), Some(&"r-1".into()));
    }

    #[test]
    fn an_error_speaks_the_language_of_its_request() {
        let of = |language| RequestTag { language, ..tag() };
        let shown = |error: ServerError, language| errors(vec![error], &of(language))[0].message.clone();
        let ours = || bad_input("游标有误", "a bad cursor").into_server_error(Pos::default());
        assert_eq!(shown(ours(), Language::English), "a bad cursor");
        assert_eq!(shown(ours(), Language::Chinese), "游标有误");
        let theirs = || ServerError::new("Unknown field", None);
        assert_eq!(shown(theirs(), Language::English), "Unknown field");
        assert_eq!(shown(theirs(), Language::Chinese), "查询不符合模式:Unknown field");
        let said = || not_allowed(Language::Chinese, ("成员", "a member")).into_server_error(Pos::default());
        assert_eq!(shown(said(), Language::Chinese), "没有权限:需要成员");
    }

    #[test]
    fn data_is_left_out_only_when_nothing_ran() {
        let stopped = Response::from_errors(vec![ServerError::new("no", None)]);
        assert!(!body(stopped, &tag()).get().contains("data"));
        let mut failed = ServerError::new("no", None);
        failed.path = vec![PathSegment::Field("a".into())];
        assert!(body(Response::from_errors(vec![failed]), &tag()).get().starts_with("{\"data\":null,"));
    }
}

//! GraphQL errors: what went wrong with the request or the server, never what the domain refused.
//!
//! Every one has `extensions.code`, stable and in upper case. Refusals of the domain are data in
//! `userErrors`; see [`super::mutation`].

use async_graphql::{Error, ErrorExtensions, ServerError};
use engine::refusal::wording::Language;
use std::sync::Arc;
use storage::ExecuteError;

/// Whose fault a GraphQL error is, and of what kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultCode {
    /// The HTTP request or the message is not what the protocol asks for.
    BadRequest,
    /// Nothing is found at this path.
    NotFound,
    /// The method does not do this.
    MethodNotAllowed,
    /// None of the media types that are accepted is given.
    NotAcceptable,
    /// The body is of a media type or an encoding that is not taken.
    UnsupportedMediaType,
    /// The body is too long.
    PayloadTooLarge,
    /// It took too long; a mutation may have been done, and the same `requestId` tells.
    TimedOut,
    /// The document does not parse.
    ParseFailed,
    /// The document parses and does not fit the schema, or passes a limit.
    ValidationFailed,
    /// An argument or a variable makes no sense.
    BadUserInput,
    /// The document costs more than the server is willing to spend.
    TooComplex,
    /// The authorization was shown and opens no door.
    Unauthenticated,
    /// The caller may not see this.
    NotAllowed,
    /// It was not done because the server has too much to do; trying again later helps.
    Overloaded,
    /// It was not done because the log takes no more writing, or the server is going down.
    Unavailable,
    /// It may have been done; the same `requestId` tells.
    OutcomeUnknown,
    /// Too many requests; trying again after the time of `Retry-After` helps.
    RateLimited,
    /// The hash is of no document that is known; sending the document with it helps.
    PersistedQueryNotFound,
    /// Only the documents of the operator's list run here, and this is none of them.
    DocumentNotListed,
    /// A bug, or the server's own trouble.
    Internal,
}

impl FaultCode {
    const ALL: [Self; 20] = [
        Self::BadRequest,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::UnsupportedMediaType,
        Self::PayloadTooLarge,
        Self::TimedOut,
        Self::ParseFailed,
        Self::ValidationFailed,
        Self::BadUserInput,
        Self::TooComplex,
        Self::Unauthenticated,
        Self::NotAllowed,
        Self::Overloaded,
        Self::Unavailable,
        Self::OutcomeUnknown,
        Self::RateLimited,
        Self::PersistedQueryNotFound,
        Self::DocumentNotListed,
        Self::Internal,
    ];

    /// The stable code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::NotFound => "NOT_FOUND",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::TimedOut => "TIMED_OUT",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::TooComplex => "TOO_COMPLEX",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::NotAllowed => "NOT_ALLOWED",
            Self::Overloaded => "OVERLOADED",
            Self::Unavailable => "UNAVAILABLE",
            Self::OutcomeUnknown => "OUTCOME_UNKNOWN",
            Self::RateLimited => "RATE_LIMITED",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::DocumentNotListed => "DOCUMENT_NOT_LISTED",
            Self::Internal => "INTERNAL",
        }
    }

    /// The code that is called so.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == name)
    }

    /// What kind of error it is, in Chinese: it stands before the words of one that has none of its own.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::BadRequest => "请求不符合协议",
            Self::NotFound => "没有这个地址",
            Self::MethodNotAllowed => "不支持此请求方法",
            Self::NotAcceptable => "无法提供所要求的格式",
            Self::UnsupportedMediaType => "不支持的内容类型",
            Self::PayloadTooLarge => "请求过大",
            Self::TimedOut => "处理超时",
            Self::ParseFailed => "查询语法有误",
            Self::ValidationFailed => "查询不符合模式",
            Self::BadUserInput => "参数有误",
            Self::TooComplex => "查询过于复杂",
            Self::Unauthenticated => "令牌无效",
            Self::NotAllowed => "没有权限",
            Self::Overloaded => "服务器繁忙,请稍后再试",
            Self::Unavailable => "暂时无法写入",
            Self::OutcomeUnknown => "结果未知,请用同一 requestId 再试",
            Self::RateLimited => "请求过于频繁",
            Self::PersistedQueryNotFound => "没有这份查询,请附上全文",
            Self::DocumentNotListed => "只执行许可的查询",
            Self::Internal => "服务器内部错误",
        }
    }
}

/// A GraphQL error with its code.
pub fn fault(code: FaultCode, message: impl Into<String>) -> Error {
    Error::new(message.into()).extend_with(|_, extensions| extensions.set("code", code.as_str()))
}

/// A GraphQL error of the whole request, with its code.
pub fn server_fault(code: FaultCode, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_with(Default::default).set("code", code.as_str());
    error
}

/// The Chinese words of an error, kept beside the English ones: what makes an error does not know who asked. They are put
/// in their place where the answer is written.
#[derive(Clone, Debug)]
pub struct InChinese(pub String);

/// An argument that makes no sense: why, in Chinese and in English.
pub fn bad_input(zh: impl Into<String>, en: impl Into<String>) -> Error {
    let mut error = fault(FaultCode::BadUserInput, en);
    error.source = Some(Arc::new(InChinese(zh.into())));
    error
}

/// An argument takes an id, and of what; this is none.
pub fn wrong_id(field: &str, zh: &str, en: &str) -> Error {
    bad_input(format!("{field}:应为{zh}的标识"), format!("{field}: this is not the id of {en}"))
}

/// A position lies beyond the end of the log.
pub fn after_end(field: &str, end: u64) -> Error {
    bad_input(format!("{field}:日志到 {end} 为止"), format!("{field}: the log ends at {end}"))
}

/// An argument takes so many at most.
pub fn too_many(field: &str, max: impl std::fmt::Display) -> Error {
    bad_input(format!("`{field}` 最多 {max} 项"), format!("`{field}` takes at most {max}"))
}

/// An argument takes a day; this is none.
pub fn not_a_day(field: &str) -> Error {
    bad_input(
        format!("{field}:应为日期,如 2026-05-01"),
        format!("{field}: this is not a day such as 2026-05-01"),
    )
}

/// The caller may not see this; `needs` says what is missing, in Chinese and in English.
pub fn not_allowed(language: Language, needs: (&str, &str)) -> Error {
    fault(
        FaultCode::NotAllowed,
        match language {
            Language::Chinese => format!("没有权限:需要{}", needs.0),
            Language::English => format!("not allowed: this needs {}", needs.1),
        },
    )
}

/// Why the ledger did not do what it did not refuse either.
pub fn not_executed(error: &ExecuteError) -> Error {
    let code = match error {
        ExecuteError::Overloaded => FaultCode::Overloaded,
        ExecuteError::NotWritten(_) | ExecuteError::ReadOnly(_) | ExecuteError::Closed => {
            FaultCode::Unavailable
        }
        ExecuteError::OutcomeUnknown(_) => FaultCode::OutcomeUnknown,
        ExecuteError::Refused(_) | ExecuteError::RequestTaken { .. } | ExecuteError::Bug { .. } => {
            FaultCode::Internal
        }
    };
    tracing::error!(%error, "a command was not executed");
    match error {
        // What a panic says is for the operator, who finds it by the request's id.
        ExecuteError::Bug { .. } => {
            fault(code, "the program failed at this command; nothing of it was written")
        }
        told => fault(code, told.to_string()),
    }
}

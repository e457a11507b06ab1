//! The handler of `/graphql`: queries by GET and POST, mutations by POST, sockets by upgrade.

use super::{
    admission::{TooMany, Whose},
    answer,
    envelope::{OperationTag, RequestTag},
    execution::{self, kind_name},
    kept::{Kept, Question},
    negotiation::{self, Media},
    request::{self, BODY_BYTES_MAX, BadRequest, Parameters},
    seen::TurnedAway,
    socket,
};
use crate::{
    schema::{
        fault::{FaultCode, server_fault},
        scope::Scope,
    },
    server::App,
    sign_in::{Entry, NotSignedIn},
};
use async_graphql::{Response as GraphqlResponse, parser::types::OperationType};
use axum::{
    RequestExt,
    body::Body,
    extract::{Extension, Request, State, WebSocketUpgrade},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::{net::IpAddr, time::Duration};

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// Answers one request to `/graphql`.
pub async fn handle(
    State(app): State<App>,
    Extension(tag): Extension<RequestTag>,
    Extension(whose): Extension<Whose>,
    mut request: Request,
) -> Response {
    let address = whose.address();
    if request.method() == Method::GET && request.headers().contains_key(header::UPGRADE) {
        return match request.extract_parts::<WebSocketUpgrade>().await {
            Ok(upgrade) => match admit(&app, &Entry::PUBLIC, address) {
                Ok(()) => socket::accept(app, upgrade, request.headers(), tag, whose),
                Err(refused) => refused.respond(Media::Json, &tag),
            },
            Err(_) => answer::refuse(Media::Json, BadRequest::new("this is no WebSocket upgrade"), &tag),
        };
    }
    let accept = text(request.headers(), header::ACCEPT);
    let Some(media) = negotiation::media(accept.as_deref()) else {
        let bad = BadRequest {
            status: StatusCode::NOT_ACCEPTABLE,
            code: FaultCode::NotAcceptable,
            message: "answers are application/json or application/graphql-response+json".to_owned(),
        };
        return answer::refuse(Media::Json, bad, &tag);
    };
    match answer_to(&app, media, &tag, address, request).await {
        Ok(response) => response,
        Err(refused) => {
            let status = refused.bad.status;
            let mut response = refused.respond(media, &tag);
            let headers = response.headers_mut();
            if status == StatusCode::METHOD_NOT_ALLOWED {
                headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
            }
            if status == StatusCode::UNAUTHORIZED {
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
            }
            response
        }
    }
}

async fn answer_to(
    app: &App,
    media: Media,
    tag: &RequestTag,
    address: IpAddr,
    request: Request,
) -> Result<Response, Refused> {
    let (parts, body) = request.into_parts();
    let is_get = parts.method == Method::GET;
    let entry = entry(app, &parts.headers, address, tag).await?;
    admit(app, &entry, address)?;
    let parameters = match parts.method {
        Method::GET => request::read_url(parts.uri.query())?,
        Method::POST => read_post(&parts.headers, body).await?,
        _ => return Err(method_not_allowed("GraphQL is asked by GET or POST").into()),
    };
    let scope = Scope::new(app.shared.clone(), entry.caller, tag.language);
    let asked = Question::of(&parameters, tag.language).map(|question| (question, scope.state.position()));
    if let Some((question, position)) = &asked
        && let Some(kept) = app.answers.find(question, *position, scope.audiences())
    {
        return Ok(answer::again(media, kept));
    }

    let prepared = match app.executor.prepare(parameters) {
        Ok(prepared) => prepared,
        Err(errors) => return Ok(answer::respond(media, GraphqlResponse::from_errors(errors), tag)),
    };
    let operation =
        OperationTag { kind: kind_name(prepared.kind), name: prepared.short_name(), cost: prepared.cost };
    let mut response = match prepared.kind {
        OperationType::Mutation if is_get => {
            let mut refusal = answer::refuse(media, method_not_allowed("mutations are sent by POST"), tag);
            refusal.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
            refusal
        }
        OperationType::Subscription => {
            let message = "subscriptions go over a WebSocket, by the protocol graphql-transport-ws";
            let error = server_fault(FaultCode::BadRequest, message);
            answer::respond(media, GraphqlResponse::from_errors(vec![error]), tag)
        }
        OperationType::Query | OperationType::Mutation => {
            let (witness, is_query) = (scope.witness(), prepared.kind == OperationType::Query);
            let ran = execution::execute(app, prepared, scope, tag).await.map_err(|late| BadRequest {
                status: StatusCode::GATEWAY_TIMEOUT,
                code: FaultCode::TimedOut,
                message: late.to_string(),
            })?;
            // An error carries the id of its request, so it is nobody else's.
            let audience = witness.audience().filter(|_| is_query && ran.errors.is_empty());
            match (audience, asked) {
                (Some(audience), Some((question, position))) => {
                    let kept = Kept { body: answer::bytes(ran, tag), operation };
                    app.answers.keep(question, position, audience, kept.clone());
                    return Ok(answer::again(media, kept));
                }
                _ => answer::respond(media, ran, tag),
            }
        }
    };
    response.extensions_mut().insert(operation);
    Ok(response)
}

/// A request that is not looked at, and after how many seconds trying again helps.
pub(super) struct Refused {
    pub(super) bad: BadRequest,
    pub(super) retry_after: Option<u64>,
}

impl Refused {
    /// The answer that says so.
    pub(super) fn respond(self, media: Media, tag: &RequestTag) -> Response {
        let mut response = answer::refuse(media, self.bad, tag);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

impl From<BadRequest> for Refused {
    fn from(bad: BadRequest) -> Self {
        Self { bad, retry_after: None }
    }
}

impl From<TooMany> for Refused {
    fn from(TooMany { retry_after }: TooMany) -> Self {
        let bad = BadRequest {
            status: StatusCode::TOO_MANY_REQUESTS,
            code: FaultCode::RateLimited,
            message: format!("too many requests: try again in {retry_after} s"),
        };
        Self { bad, retry_after: Some(retry_after) }
    }
}

/// One more request of somebody.
fn admit(app: &App, entry: &Entry, address: IpAddr) -> Result<(), Refused> {
    app.admission.request(entry, address).map_err(|too_many| {
        app.shared.seen.turned_away(TurnedAway::Rate);
        too_many.into()
    })
}

/// Who speaks. What opens no door is answered late.
async fn entry(app: &App, headers: &HeaderMap, address: IpAddr, tag: &RequestTag) -> Result<Entry, Refused> {
    let signed_in = match read_authorization(headers) {
        Ok(authorization) => app.door.enter(&app.shared.ledger, authorization.as_deref()).await,
        Err(why) => Err(why),
    };
    match signed_in {
        Ok(entry) => Ok(entry),
        Err(why) => {
            wrong_token(app, address, tag, why).await?;
            Err(unauthorized(why.to_string()).into())
        }
    }
}

/// Notes a token that opens no door, and takes its time.
pub(super) async fn wrong_token(
    app: &App,
    address: IpAddr,
    tag: &RequestTag,
    why: NotSignedIn,
) -> Result<(), TooMany> {
    app.shared.seen.turned_away(TurnedAway::WrongToken);
    tracing::warn!(request = %tag.id, %address, %why, "a sign-in failed");
    app.admission.wrong_token(address).await
}

/// Reads the body of a POST, within its length and time.
async fn read_post(headers: &HeaderMap, body: Body) -> Result<Parameters, BadRequest> {
    request::check_body_headers(headers)?;
    let collected = tokio::time::timeout(BODY_TIME, Limited::new(body, BODY_BYTES_MAX).collect()).await;
    match collected {
        Ok(Ok(body)) => request::read_body(&body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(BadRequest {
            status: StatusCode::PAYLOAD_TOO_LARGE,
            code: FaultCode::PayloadTooLarge,
            message: format!("the body has more than {BODY_BYTES_MAX} bytes"),
        }),
        Ok(Err(_)) => Err(BadRequest::new("the body ended early")),
        Err(_) => Err(BadRequest {
            status: StatusCode::REQUEST_TIMEOUT,
            code: FaultCode::TimedOut,
            message: "the body took too long to arrive".to_owned(),
        }),
    }
}

/// The value of `Authorization`; given twice or unreadable, it opens no door.
pub(super) fn read_authorization(headers: &HeaderMap) -> Result<Option<String>, NotSignedIn> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => {
            value.to_str().map(|value| Some(value.to_owned())).map_err(|_| NotSignedIn::Malformed)
        }
        (Some(_), Some(_)) => Err(NotSignedIn::Malformed),
    }
}

pub(super) fn unauthorized(message: String) -> BadRequest {
    BadRequest { status: StatusCode::UNAUTHORIZED, code: FaultCode::Unauthenticated, message }
}

fn method_not_allowed(message: &str) -> BadRequest {
    BadRequest {
        status: StatusCode::METHOD_NOT_ALLOWED,
        code: FaultCode::MethodNotAllowed,
        message: message.to_owned(),
    }
}

/// A header as text; all its lines as one list.
pub(super) fn text(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let lines: Vec<&str> = headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
    if lines.is_empty() { None } else { Some(lines.join(",")) }
}

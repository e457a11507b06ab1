//! The explorer page, served from the binary: no outside host is needed.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};

/// The page.
pub async fn page() -> Response {
    file("text/html; charset=utf-8", include_str!("../../console/index.html"))
}

/// Its style.
pub async fn style() -> Response {
    file("text/css; charset=utf-8", include_str!("../../console/console.css"))
}

/// Its script.
pub async fn script() -> Response {
    file("text/javascript; charset=utf-8", include_str!("../../console/console.js"))
}

fn file(content_type: &'static str, contents: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(content_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, contents).into_response()
}

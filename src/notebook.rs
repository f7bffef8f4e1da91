//! Display in a notebook: text and HTML between evcxr's markers.

/// Shows one value in a notebook in several formats. The front end picks the richest.
///
/// The markers are evcxr's protocol for mime bundles on standard output.
pub fn show(parts: &[(&str, &str)]) {
    for (mime, content) in parts {
        println!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT");
    }
}

/// Text with HTML's special characters escaped.
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

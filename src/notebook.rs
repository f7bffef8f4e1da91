//! Display in a notebook: text and HTML between the markers that evcxr looks for.

/// Sends one value to the notebook in several formats at once; the front end shows the richest.
///
/// The markers are evcxr's protocol for mime bundles on standard output.
pub fn show(parts: &[(&str, &str)]) {
    for (mime, content) in parts {
        println!("EVCXR_BEGIN_CONTENT {mime}\n{content}\nEVCXR_END_CONTENT");
    }
}

/// Text with the characters that HTML reads as markup escaped.
pub fn escape_html(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

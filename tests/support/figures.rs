//! What stands written in a figure.

use crate::support;
use closedform::Figure;

/// The texts of each figure, read by a parser that refuses what isn't well-formed.
pub fn texts(figures: &[&Figure]) -> Vec<Vec<String>> {
    const READ: &str = "
import json, sys
import xml.etree.ElementTree as tree
answers = []
for svg in json.load(sys.stdin):
    root = tree.fromstring(svg)
    assert root.tag == '{http://www.w3.org/2000/svg}svg', root.tag
    assert 'nan' not in svg.lower() and 'inf\"' not in svg.lower(), 'a coordinate is not finite'
    texts = root.iter('{http://www.w3.org/2000/svg}text')
    answers.append([''.join(text.itertext()).strip() for text in texts])
json.dump(answers, sys.stdout)
";
    let svgs: Vec<&str> = figures.iter().map(|figure| figure.svg()).collect();
    let printed = support::python(READ, &serde_json::to_string(&svgs).unwrap());
    serde_json::from_str(&printed).unwrap()
}

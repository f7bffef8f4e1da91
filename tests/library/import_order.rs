//! Folders import only from those above them, and files never in circles.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The library's modules, each importing only from those before it.
const ORDER: [&str; 20] = [
    "error",
    "effort",
    "files",
    "foreign",
    "onnx_messages",
    "notebook",
    "interrupt",
    "progress",
    "numerics",
    "formula",
    "points",
    "dataset",
    "directions",
    "model",
    "search",
    "interpretation",
    "network",
    "polynomial",
    "regression",
    "plot",
];
/// Below all others: it may import from every one.
const LAST: &str = "report";
/// Modules of names and texts alone.
const FRONT: [&str; 2] = ["lib", "prelude"];

/// A `use` line outside of tests.
struct Import {
    file: PathBuf,
    line: usize,
    /// The path as it is written, up to a brace, a glob or the end.
    path: String,
    /// The names at its end.
    names: Vec<String>,
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The private imports of a file, which end where its unit tests begin.
fn imports(file: &Path) -> Vec<Import> {
    let text = fs::read_to_string(file).unwrap();
    let code = text.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    let mut statement: Option<(usize, String)> = None;
    for (index, line) in code.lines().enumerate() {
        let line = line.trim();
        if statement.is_none() && line.starts_with("use ") {
            statement = Some((index + 1, String::new()));
        }
        let Some((_, text)) = &mut statement else {
            continue;
        };
        text.push_str(line);
        if !line.ends_with(';') {
            continue;
        }
        let (line, text) = statement.take().unwrap();
        let text = text.trim_start_matches("use ").trim_end_matches(';');
        let (path, names) = match text.split_once('{') {
            Some((path, names)) => (path.trim_end_matches("::"), names.trim_end_matches('}')),
            None => text.rsplit_once("::").unwrap_or(("", text)),
        };
        let names = names.split(',').map(|name| name.trim().to_string());
        found.push(Import {
            file: file.to_path_buf(),
            line,
            path: path.to_string(),
            names: names.filter(|name| !name.is_empty()).collect(),
        });
    }
    found
}

/// The module path of a file below `src`: `search/solver/mod.rs` is `search`, `solver`.
fn module_of(root: &Path, file: &Path) -> Vec<String> {
    let relative = file.strip_prefix(root).unwrap().with_extension("");
    let mut parts: Vec<String> = relative
        .iter()
        .map(|part| part.to_str().unwrap().to_string())
        .collect();
    if parts
        .last()
        .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
    {
        parts.pop();
    }
    parts
}

/// Where an import leads, as a module path with the imported name at its end.
fn targets(root: &Path, import: &Import) -> Vec<Vec<String>> {
    let mut base = module_of(root, &import.file);
    let mut parts = import.path.split("::").peekable();
    match parts.peek() {
        Some(&"crate") => {
            base.clear();
            parts.next();
        }
        Some(&"self") => {
            parts.next();
        }
        Some(&"super") => {
            while parts.peek() == Some(&"super") {
                base.pop();
                parts.next();
            }
        }
        _ => return Vec::new(),
    }
    base.extend(parts.filter(|part| !part.is_empty()).map(str::to_string));
    let leads_to = |name: &String| {
        let mut target = base.clone();
        let name = name.split(" as ").next().unwrap();
        if name != "self" {
            target.extend(name.split("::").map(str::to_string));
        }
        target
    };
    import.names.iter().map(leads_to).collect()
}

fn rank(module: &str) -> Option<usize> {
    if module == LAST {
        return Some(ORDER.len());
    }
    ORDER.iter().position(|known| *known == module)
}

#[test]
fn every_folder_imports_only_from_those_above_it() {
    let root = Path::new(crate::ROOT).join("src");
    let mut wrong = Vec::new();
    for import in sources(&root).iter().flat_map(|file| imports(file)) {
        let module = module_of(&root, &import.file);
        let Some(own) = module.first() else { continue };
        if FRONT.contains(&own.as_str()) {
            continue;
        }
        let own_rank = rank(own).unwrap_or_else(|| panic!("{own} has no place in the order"));
        for target in targets(&root, &import) {
            let Some(other) = target.first() else {
                continue;
            };
            let Some(other_rank) = rank(other) else {
                panic!("{}:{}: {other}?", import.file.display(), import.line)
            };
            if other_rank > own_rank {
                wrong.push(format!(
                    "{}:{}: {own} imports from {other}, which comes after it",
                    import.file.display(),
                    import.line
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The file that defines a name: where a module only passes it on, the file it comes from.
fn file_of<'a>(
    files: &'a BTreeMap<Vec<String>, (PathBuf, String)>,
    target: &[String],
) -> Option<&'a Path> {
    if let Some((file, _)) = files.get(target) {
        return Some(file);
    }
    let (name, module) = target.split_last()?;
    let (file, text) = files.get(module)?;
    for statement in text.split(';') {
        let passed_on = statement.rsplit_once("pub use ");
        let Some((_, passed_on)) = passed_on.or(statement.rsplit_once("pub(crate) use ")) else {
            continue;
        };
        let Some((path, names)) = passed_on.rsplit_once("::") else {
            continue;
        };
        let names = names.trim_matches(['{', '}', '\n', ' ']);
        if names.split(',').any(|known| known.trim() == name) {
            let origin = path.split("::").map(str::to_string);
            let origin: Vec<String> = module
                .iter()
                .cloned()
                .chain(origin)
                .chain([name.clone()])
                .collect();
            return file_of(files, &origin);
        }
    }
    Some(file)
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let circles: Vec<String> = ["src", "cli/src", "studies/src"]
        .iter()
        .flat_map(|folder| circles(&Path::new(crate::ROOT).join(folder)))
        .collect();
    assert!(circles.is_empty(), "{}", circles.join("\n"));
}

/// Pairs of files below a folder that import each other, directly or by way of others.
fn circles(root: &Path) -> Vec<String> {
    let files = sources(root);
    let by_module: BTreeMap<Vec<String>, (PathBuf, String)> = files
        .iter()
        .map(|file| {
            (
                module_of(root, file),
                (file.clone(), fs::read_to_string(file).unwrap()),
            )
        })
        .collect();
    let mut edges: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
    for file in &files {
        for import in imports(file) {
            for target in targets(root, &import) {
                if let Some(other) = file_of(&by_module, &target).filter(|other| other != file) {
                    edges.entry(file).or_default().insert(other);
                }
            }
        }
    }
    let reaches = |from: &Path, to: &Path| -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![from];
        while let Some(file) = open.pop() {
            for next in edges.get(file).into_iter().flatten() {
                if *next == to {
                    return true;
                }
                if seen.insert(*next) {
                    open.push(*next);
                }
            }
        }
        false
    };
    edges
        .iter()
        .flat_map(|(file, others)| others.iter().map(move |other| (*file, *other)))
        .filter(|(file, other)| file < other && reaches(other, file))
        .map(|(file, other)| format!("{} and {}", file.display(), other.display()))
        .collect()
}

#[test]
fn only_the_network_names_libtorch() {
    for folder in ["src", "cli/src", "studies/src"] {
        for file in sources(&Path::new(crate::ROOT).join(folder)) {
            let text = fs::read_to_string(&file).unwrap();
            let is_inside = file.starts_with(Path::new(crate::ROOT).join("src/network"));
            for (index, line) in text.lines().enumerate() {
                let names_it = line.contains("tch::") && !line.trim_start().starts_with("//");
                assert!(
                    is_inside || !names_it,
                    "{}:{}: {line}",
                    file.display(),
                    index + 1
                );
            }
        }
    }
}

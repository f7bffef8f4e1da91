//! Files that closedform itself writes, and problem files.

use super::{Read, Reader, Rng, of_repository};
use crate::bytes::{mutated, reworded};
use crate::structure::json;
use closedform::report::front_to_latex;
use closedform::search::ValueObjective;
use closedform::{Export, Language, Points, Result, SearchOptions, progress, search_for};
use closedform_studies::problems::Plan;
use closedform_studies::shards::{LocalOptions, Place, Status, Study, StudyFile};
use closedform_studies::study::read_study;
use rand::RngExt;
use std::fs;
use std::path::Path;

pub const CHECKPOINT: Reader = Reader {
    name: "checkpoint",
    ending: "json",
    seeds: || vec![checkpoint()],
    mutate: mutate_json,
    read: Read::File(|path, _| {
        let done = resumed(path);
        // The lock is the only file that a search leaves beside its checkpoint.
        let _ = fs::remove_file(path.with_extension("json.lock"));
        done
    }),
};
/// The output of `--json`, of which `export` takes the formula.
pub const EXPORT: Reader = Reader {
    name: "export",
    ending: "json",
    seeds: || {
        vec![
            br#"{"features": ["a", "b"], "formula": "a**2 + sin(b)", "threshold": 1.5, "pareto_front": [{"complexity": 3, "loss": 0.5, "formula": "a**2", "unit": null, "held_out": null}], "tree": ["+", ["*", "a", "a"], ["sin", "b"]]}"#.to_vec(),
            exported(),
        ]
    },
    mutate: mutate_json,
    read: Read::File(|path, _| {
        let text = fs::read(path).unwrap_or_default();
        let _ = front_to_latex(&String::from_utf8_lossy(&text));
        let export = Export::from_file(path)?;
        for language in Language::ALL {
            // A language that can't write this formula says so.
            let _ = export.to_bytes(language);
        }
        Ok(())
    }),
};
pub const PROBLEMS: Reader = Reader {
    name: "problems",
    ending: "toml",
    seeds: || {
        let example = of_repository("studies/src/problems/example.toml");
        let lines = String::from_utf8_lossy(&example).into_owned();
        let bare = lines
            .lines()
            .map(|line| line.split(" #").next().unwrap_or_default());
        let bare: Vec<&str> = bare
            .filter(|line| !line.trim_start().starts_with('#'))
            .collect();
        vec![example, bare.join("\n").into_bytes()]
    },
    mutate: |rng, seed| {
        if rng.random_bool(0.3) {
            mutated(rng, seed)
        } else {
            reworded(rng, seed, &TOML)
        }
    },
    read: Read::File(|path, _| {
        let plan = Plan::from_file(path)?;
        for number in [0, plan.n_runs().saturating_sub(1)] {
            if number < plan.n_runs() {
                let _ = plan.run(number);
            }
        }
        Ok(())
    }),
};
/// The rows of a study, in Parquet.
pub const STUDY: Reader = Reader {
    name: "study",
    ending: "parquet",
    seeds: || vec![of_repository("data/rates_fast/study.parquet")],
    mutate: mutated,
    read: Read::File(|path, _| {
        in_folder(path, "study.parquet", |folder| read_study(folder).map(drop))
    }),
};
/// The folder of a study made from a problem file.
pub const SHARDS: Reader = Reader {
    name: "study-folder",
    ending: "json",
    seeds: || vec![study()],
    mutate: mutate_json,
    read: Read::File(|path, _| {
        in_folder(path, "study.json", |folder| {
            fs::create_dir_all(folder.join("shards")).expect("a folder can be made");
            let study = Study::open(folder)?;
            study.check_version()?;
            if study.n_runs() < 1000 {
                Status::of(&study).map(drop)?;
            }
            Ok(())
        })
    }),
};

const TOML: [&str; 24] = [
    "[",
    "]",
    "[[",
    "[[[[[[[[[[[[",
    "{",
    "}",
    "=",
    "\"",
    "'",
    "\n",
    "#",
    ",",
    "-1",
    "0",
    "1e308",
    "nan",
    "inf",
    "9223372036854775808",
    "1..2",
    "2..1",
    "+-0.1~10",
    "true",
    "problem",
    "seeds",
];

fn mutate_json(rng: &mut Rng, seed: &[u8]) -> Vec<u8> {
    match rng.random_range(0..10) {
        0 | 1 => mutated(rng, seed),
        2 | 3 => reworded(
            rng,
            seed,
            &[
                "x0", "x1", "*", "sin", "+", "NaN", "1e999", "log:", " ", "\"",
            ],
        ),
        _ => json(rng, seed),
    }
}

/// Reads an input under the name that it has in its folder.
fn in_folder(path: &Path, name: &str, read: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let folder = path.with_extension("folder");
    let place = folder.join(name);
    let moved = fs::create_dir_all(&folder).and_then(|()| fs::rename(path, &place));
    moved.expect("the input can be moved");
    read(&folder)
}

/// Values that no short formula matches.
fn objective() -> ValueObjective {
    let rows: Vec<f64> = (0..40).map(|i| f64::from(i * i % 17) / 5.0 - 1.5).collect();
    let points = Points::new(["x1", "x2"], rows).expect("two columns");
    let values = points
        .rows()
        .map(|x| (x[0] * x[1]).tanh() + (x[0] - 1.7 * x[1]).atan());
    let values = values.collect();
    ValueObjective::new(&points, values).expect("as many values as rows")
}

fn resumed(path: &Path) -> Result<()> {
    let options = SearchOptions {
        n_generations: 1,
        n_rounds: 1,
        max_complexity: Some(6),
        operators: closedform::Operator::parse_list("+,*")?,
        checkpoint: Some(path.to_path_buf()),
        ..SearchOptions::default()
    };
    search_for(&objective(), &options, progress::silent).map(drop)
}

fn checkpoint() -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join("state.json");
    resumed(&path).expect("a search of values");
    fs::read(path).expect("the search has saved its state")
}

fn exported() -> Vec<u8> {
    let formula = "x1**2 + sin(x2)".parse().expect("a formula");
    let export = Export::new(&formula, &[]).expect("a formula of two features");
    export
        .to_bytes(Language::Json)
        .expect("JSON writes every formula")
}

fn study() -> Vec<u8> {
    let plan = super::root().join("studies/src/problems/example.toml");
    let plan = Plan::from_file(plan).expect("the example is a problem file");
    let file = StudyFile {
        version: env!("CARGO_PKG_VERSION").into(),
        shard_size: 4,
        n_threads: 1,
        place: Place::Local(LocalOptions { n_jobs: 1 }),
        plan,
    };
    serde_json::to_vec(&file).expect("a study can be written")
}

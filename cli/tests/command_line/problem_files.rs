//! Claim: a problem file is checked as a whole before anything runs, and says what it will run.

use crate::command::Run;
use std::collections::HashSet;
use std::fs;

const FORMULA: &str = "seeds = 2
[[problem]]
formula = \"x1*x2\"
ranges = \"1..2\"
task = \"values\"
";

/// The runs that a file plans, one a line, without the estimate.
fn planned(text: &str) -> Vec<String> {
    let run = Run::on_file(
        "p.toml",
        text,
        &["study", "--problems", "p.toml", "--dry-run"],
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let (runs, estimate) = run.stdout.split_once("\n\n").unwrap();
    assert!(estimate.contains("hours on one core"), "{estimate}");
    runs.lines().map(String::from).collect()
}

fn refused(text: &str, words: &[&str]) {
    let run = Run::on_file(
        "p.toml",
        text,
        &["study", "--problems", "p.toml", "--dry-run"],
    );
    run.assert_failed(words);
}

#[test]
fn every_combination_of_the_lists_is_run_once() {
    let runs = planned(
        "seeds = 3
[search]
generations = [5, 10]
[[problem]]
name = \"product\"
formula = \"a*b\"
inputs = \"a, b\"
ranges = \"1..2 0.1~10\"
task = [\"values\", \"regressor\"]
noise = [0, 0.01]
[problem.training]
epochs = [2, 4]
",
    );
    // Epochs mean nothing to a search by values.
    assert_eq!(runs.len(), 3 * 2 * 2 * (1 + 2));
    let ids: HashSet<&str> = runs
        .iter()
        .map(|run| run.split(' ').next().unwrap())
        .collect();
    assert_eq!(ids.len(), runs.len());
    assert!(runs.iter().all(|run| run.contains("product")));
    assert!(
        !runs
            .iter()
            .any(|run| run.contains("task=values") && run.contains("epochs"))
    );
}

#[test]
fn a_run_keeps_its_id_when_others_are_added() {
    let few = planned(FORMULA);
    let more = planned(&FORMULA.replace("seeds = 2", "seeds = 5"));
    assert_eq!(few[..], more[..2]);
}

#[test]
fn the_example_is_planned_as_it_says_and_never_overwrites_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let run = Run::new(folder.path(), &["study", "init", "mine.toml"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = Run::new(folder.path(), &["study", "init", "mine.toml"]);
    run.assert_failed(&["mine.toml", "there already"]);
    let text = fs::read_to_string(folder.path().join("mine.toml")).unwrap();
    assert_eq!(planned(&text).len(), 2 * (3 + 2 + 1) + 3 * 2);
}

#[test]
fn ready_sets_are_whole_and_leave_out_what_has_no_directions() {
    let set = |set: &str, task: &str| {
        planned(&format!(
            "[[problem]]\nset = \"{set}\"\ntask = \"{task}\"\n"
        ))
        .len()
    };
    assert_eq!(set("feynman", "values"), 100);
    assert_eq!(set("feynman", "directions"), 99);
    assert_eq!(set("fastsrb", "values"), 120);
    assert_eq!(set("experiments", "classifier"), 8);
}

#[test]
fn errors_name_file_line_and_key_and_what_is_allowed() {
    refused("sedes = 3\n", &["p.toml", "line 1", "`sedes`", "seeds"]);
    refused("seeds = 3\n", &["p.toml", "[[problem]]"]);
    refused("seeds = = 3\n", &["p.toml", "line 1"]);
    let with = |line: &str| format!("{FORMULA}{line}\n");
    refused(
        &with("noise = 3"),
        &["line 6", "`noise` is 3", "from 0 to 1"],
    );
    refused(
        &with("noise = [0, 0.1, \"much\"]"),
        &["line 6", "\"much\"", "number"],
    );
    refused(&with("noise = [0.1, 0.1]"), &["line 6", "twice"]);
    refused(&with("rows = 5"), &["line 6", "`rows` is 5", "10"]);
    refused(&with("rows = []"), &["line 6", "empty"]);
    refused(
        &with("quantile = 0.5"),
        &["line 6", "`quantile`", "classifier"],
    );
    refused(&with("truth = \"x1\""), &["line 6", "`truth`", "data"]);
    refused(
        &with("[problem.search]\noperators = \"+,gamma\""),
        &["line 7", "gamma", "one of"],
    );
    refused(
        &with("[problem.training]\nepochs = 3"),
        &["line 7", "`training.epochs`", "regressor"],
    );
    refused(
        &with("[problem.trainnig]\nepochs = 3"),
        &["line 6", "`trainnig`", "training"],
    );
    let other = |from: &str, to: &str| FORMULA.replace(from, to);
    refused(
        &other("1..2", "2..1"),
        &["line 4", "`ranges`", "2..1", "low below high"],
    );
    refused(
        &other("1..2", "1..2 1..2 1..2"),
        &["line 4", "`ranges`", "3", "2"],
    );
    refused(&other("x1*x2", "x1*"), &["line 3", "`formula`", "position"]);
    refused(
        &other("task = \"values\"", ""),
        &["line 2", "`task`", "missing", "values"],
    );
    refused(
        &other("\"values\"", "\"value\""),
        &["line 5", "\"value\"", "values, labels"],
    );
    refused(
        &other("formula", "set = \"feynman\"\nformula"),
        &["line 4", "`formula`", "three ways"],
    );
    refused(
        &other("formula = \"x1*x2\"", "data = \"no.csv\""),
        &["line 3", "`data`", "no.csv"],
    );
    refused(
        "[[problem]]\nset = \"feynman\"\ntask = \"values\"\nequation = [\"I.12.1\", \"I.0.0\"]\n",
        &["line 4", "I.0.0", "I.12.4"],
    );
}

#[test]
fn a_table_and_its_truth_are_checked_before_anything_runs() {
    let folder = tempfile::tempdir().unwrap();
    let rows = (1..60).map(|n| format!("{},{},{}\n", n % 7, n % 5, (n % 7) * (n % 5)));
    let table = "a,b,y\n".to_string() + &rows.collect::<String>();
    fs::write(folder.path().join("t.csv"), table).unwrap();
    let file = |target: &str, truth: &str| {
        let text = format!(
            "[[problem]]\ndata = \"t.csv\"\ntarget = \"{target}\"\ntask = \"values\"\ntruth = \"{truth}\"\n"
        );
        fs::write(folder.path().join("p.toml"), text).unwrap();
        Run::new(
            folder.path(),
            &["study", "--problems", "p.toml", "--dry-run"],
        )
    };
    assert_eq!(file("y", "a*b").code, Some(0));
    file("z", "a*b").assert_failed(&["p.toml", "line 3", "`target`", "z"]);
    file("y", "a*c").assert_failed(&["p.toml", "line 5", "`truth`"]);
}

#[test]
fn other_schedulers_get_one_command_for_each_shard() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("p.toml"), FORMULA.replace("= 2", "= 5")).unwrap();
    let arguments = [
        "study",
        "--problems",
        "p.toml",
        "--out",
        "my study",
        "--on",
        "script",
    ];
    let arguments = [&arguments[..], &["--shard-size", "2"]].concat();
    let run = Run::new(folder.path(), &arguments);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let commands = fs::read_to_string(folder.path().join("my study/commands.txt")).unwrap();
    assert_eq!(commands.lines().count(), 3);
    assert!(
        commands.lines().all(|line| line.contains("my study'")),
        "{commands}"
    );
    // Any shell can run them.
    let first = commands.lines().next().unwrap();
    let done = std::process::Command::new("sh")
        .args(["-c", first])
        .output()
        .unwrap();
    assert!(done.status.success(), "{done:?}");
    let run = Run::new(folder.path(), &["study", "status", "--in", "my study"]);
    assert!(
        run.stdout.contains("2 done, 0 failed, 3 missing"),
        "{}",
        run.stdout
    );
    // Another problem file doesn't get into the folder of this one.
    fs::write(folder.path().join("p.toml"), FORMULA).unwrap();
    Run::new(folder.path(), &arguments).assert_failed(&["study.json", "another study", "--out"]);
}

/// Programs that write down how they are called, in place of Slurm's.
#[cfg(unix)]
#[test]
fn slurm_is_given_arrays_that_fit_its_limit() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let programs = folder.path().join("bin");
    fs::create_dir(&programs).unwrap();
    let program = |name: &str, text: &str| {
        let path = programs.join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    program("scontrol", "echo 'MaxArraySize            = 15'");
    program(
        "sbatch",
        "echo \"$@\" >> \"$CALLS\"; cat >> \"$CALLS\"; echo 7",
    );
    program("squeue", "exit 0");
    let calls = folder.path().join("calls");
    fs::write(folder.path().join("p.toml"), FORMULA.replace("= 2", "= 23")).unwrap();
    let path = std::env::var("PATH").unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_closedform"))
        .args([
            "study",
            "--problems",
            "p.toml",
            "--out",
            "s",
            "--on",
            "slurm",
            "--detach",
        ])
        .args([
            "--shard-size",
            "2",
            "--partition",
            "short",
            "--time",
            "10",
            "--mem",
            "2G",
        ])
        .args([
            "--account",
            "mine",
            "--cpus-per-task",
            "3",
            "--array-limit",
            "5",
        ])
        .args(["--setup", "module load gcc"])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("CALLS", &calls)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let calls = fs::read_to_string(calls).unwrap();
    // 12 shards, of which an array takes ten.
    for part in [
        "--array=0-9%5 ",
        "--array=0-1%5 ",
        "/s/shards/0000%1a.log",
        "/s/shards/0001%1a.log",
        "--cpus-per-task=3",
        "--partition=short --account=mine --time=10 --mem=2G",
        "--requeue",
        "module load gcc\n",
        "--shard $((0 + SLURM_ARRAY_TASK_ID))",
        "--shard $((10 + SLURM_ARRAY_TASK_ID))",
    ] {
        assert!(calls.contains(part), "{part} in {calls}");
    }
}

#[test]
fn a_study_without_runs_in_its_shards_and_one_of_another_version_are_refused() {
    let path = format!("{}/tests/versions/0.1.0/study/study.json", crate::ROOT);
    let study = fs::read_to_string(path).unwrap();
    let refused = |study: String, words: &[&str]| {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("study/shards")).unwrap();
        fs::write(folder.path().join("study/study.json"), study).unwrap();
        let run = Run::new(folder.path(), &["study", "status", "--in", "study"]);
        run.assert_failed(words);
    };
    let size = "\"shard_size\": 2";
    assert!(study.contains(size));
    let none = study.replace(size, "\"shard_size\": 0");
    refused(none, &["study.json", "shard_size is 0", "at least 1"]);
    let older = study.replace("\"version\": \"0.1.0\"", "\"version\": \"0.0.9\"");
    let older = older.replace("shard_size", "size");
    refused(older, &["study.json", "version 0.0.9"]);
}

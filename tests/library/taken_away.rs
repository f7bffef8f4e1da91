//! A formula that is taken away has, wherever it goes, the values it had: each piece is run by its
//! own compiler, interpreter or spreadsheet, and compared within the rounding error.

use crate::support;

use closedform::{Export, Expression, Language, Operator};
use proptest::prelude::Strategy;
use proptest::test_runner::TestRunner;
use std::path::Path;
use std::process::Command;
use support::{
    N_VARIABLES, OPERATORS, assert_refused, cases, expressions, is_tame, names, points,
    value_and_error,
};

/// Features whose names mean something else, or nothing, in some language.
const NAMES: [&str; N_VARIABLES] = ["größe 1", "lambda", "np"];
const N_RANDOM: usize = 250;

/// A formula with points where none of its parts is large or near an edge of its domain.
struct Case {
    formula: Expression,
    points: Vec<Vec<f64>>,
}

/// Random formulas, every operator in every other, and what languages read in different ways.
fn all_cases() -> Vec<Case> {
    let mut runner = TestRunner::new(cases(1));
    let drawn = (0..N_RANDOM).map(|_| {
        let tree = expressions().new_tree(&mut runner).unwrap();
        proptest::strategy::ValueTree::current(&tree)
    });
    let mut formulas: Vec<Expression> = drawn.collect();
    formulas.extend(nested_operators());
    let delicate = [
        "-x1**2",
        "2 - x1**2",
        "(-x1)**2",
        "-x1**2*x2",
        "-(x1*x2)",
        "x1 - (x2 - x3)",
        "-(-x1)",
        "x1/(x2*x3)",
        "x1/(x2/x3)",
        "x1 - -x2",
        "x1*-x2",
        "-2*x1",
        "0.1 + 0.2*x1",
        "1e-7*x1 + 1e12*x2",
        "(x1**2)**3",
        "1/3 + 2/(3*x1)",
        "pi*x1 - E*x2 + sqrt(2)",
        "2.5",
        "powi(x1, -3)",
        "x1**0.75 - x2**-2.5",
        "-x1**(2/3)",
        "(x1*x2)**1.4/x3**0.3",
        "x1**x2",
        "powi(x1, 0) + x2",
        "powi(x1, x2)",
        "powi(2, x3 + 0.2)",
        "log(3)*x1",
        "x1*x1*x1*x1*x1",
    ];
    formulas.extend(delicate.map(|text| text.parse::<Expression>().unwrap()));
    let tame_points = formulas.into_iter().map(|formula| {
        let points = (0..20).map(|_| {
            let tree = points().new_tree(&mut runner).unwrap();
            proptest::strategy::ValueTree::current(&tree)
        });
        let points: Vec<Vec<f64>> = points
            .filter(|point| is_tame(&formula, point))
            .take(2)
            .collect();
        Case { formula, points }
    });
    let found: Vec<Case> = tame_points.filter(|case| !case.points.is_empty()).collect();
    assert!(found.len() > 500, "{} formulas", found.len());
    for operator in OPERATORS {
        let is_there =
            |case: &Case| case.formula.to_string() != "" && has(&case.formula, *operator);
        assert!(found.iter().any(is_there), "{operator:?} is in no formula");
    }
    found
}

fn has(expression: &Expression, operator: Operator) -> bool {
    match expression {
        Expression::Apply(applied, arguments) => {
            *applied == operator || arguments.iter().any(|argument| has(argument, operator))
        }
        _ => false,
    }
}

fn nested_operators() -> Vec<Expression> {
    let x = |number: usize| Expression::variable(number - 1);
    let apply = |operator: Operator, first: Expression, second: Expression| match operator {
        Operator::Powi => {
            Expression::apply(operator, vec![first, Expression::constant(3.0)]).unwrap()
        }
        _ if operator.arity() == 1 => Expression::apply(operator, vec![first]).unwrap(),
        _ => Expression::apply(operator, vec![first, second]).unwrap(),
    };
    let pairs = OPERATORS
        .iter()
        .flat_map(|outer| OPERATORS.iter().map(move |inner| (outer, inner)));
    pairs
        .map(|(outer, inner)| apply(*outer, apply(*inner, x(1), x(2)), apply(*inner, x(3), x(1))))
        .collect()
}

/// The pieces in one language, the first under the name `g0`.
fn pieces(cases: &[Case], language: Language) -> Vec<String> {
    let names = match language {
        // sympy's reader of LaTeX knows letters with subscripts only.
        Language::Latex => names(N_VARIABLES),
        _ => NAMES.map(String::from).to_vec(),
    };
    let numbered = cases.iter().enumerate();
    let pieces = numbered.map(|(index, case)| {
        let export = Export::new(&case.formula, &names).unwrap();
        let export = export.with_name(&format!("g{index}")).unwrap();
        export.to_source(language).unwrap()
    });
    pieces.collect()
}

fn assert_agree(cases: &[Case], found: &[Vec<f64>], language: Language) {
    assert_eq!(cases.len(), found.len());
    for (case, values) in cases.iter().zip(found) {
        assert_eq!(case.points.len(), values.len());
        for (point, value) in case.points.iter().zip(values) {
            let (expected, error) = value_and_error(&case.formula, point);
            assert!(
                (value - expected).abs() <= error,
                "{} at {point:?} is {expected} (±{error:.1e}), but {language} finds {value} (tree: {:?})",
                case.formula,
                case.formula
            );
        }
    }
}

fn call(index: usize, point: &[f64]) -> String {
    let numbers: Vec<String> = point.iter().map(|value| format!("{value:?}")).collect();
    format!("g{index}({})", numbers.join(", "))
}

/// Writes, compiles and runs a program that prints a number a line.
fn compiled(
    cases: &[Case],
    compiler: &str,
    arguments: &[&str],
    ending: &str,
    source: &str,
) -> Vec<Vec<f64>> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("pieces.{ending}"));
    let program = folder.path().join("pieces");
    std::fs::write(&file, source).unwrap();
    let mut compile = Command::new(compiler);
    compile.arg(&file).arg("-o").arg(&program).args(arguments);
    run(&mut compile);
    numbers(cases, &run(&mut Command::new(&program)))
}

/// The values of each case, one in each line.
fn numbers(cases: &[Case], printed: &str) -> Vec<Vec<f64>> {
    let mut lines = printed.lines().map(|line| line.parse::<f64>().unwrap());
    let values = cases
        .iter()
        .map(|case| lines.by_ref().take(case.points.len()).collect());
    values.collect()
}

/// What an interpreter prints; nothing if this machine has none, which is said.
fn run_if_there(command: &mut Command) -> Option<String> {
    let program = command.get_program().to_string_lossy().into_owned();
    match command.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            eprintln!("skipped: {program} is not installed");
            None
        }
        _ => Some(run(command)),
    }
}

fn run(command: &mut Command) -> String {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}:\n{said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Every line that prints a value, written by `print` from a call.
fn prints(cases: &[Case], print: impl Fn(&str) -> String) -> String {
    let numbered = cases.iter().enumerate();
    let calls = numbered.flat_map(|(index, case)| case.points.iter().map(move |p| call(index, p)));
    calls.map(|call| print(&call)).collect()
}

/// Hands pieces and points to a Python program, which prints the values.
fn asked_of_python(cases: &[Case], pieces: &[String], program: &str) -> Vec<Vec<f64>> {
    let points: Vec<&Vec<Vec<f64>>> = cases.iter().map(|case| &case.points).collect();
    let question = serde_json::json!({"pieces": pieces, "points": points});
    serde_json::from_str(&support::python(program, &question.to_string())).unwrap()
}

#[test]
fn rust_functions_have_the_formulas_values_and_give_no_warnings() {
    let cases = all_cases();
    let source = pieces(&cases, Language::Rust).join("\n")
        + "\nfn main() {\n"
        + &prints(&cases, |call| {
            format!("    println!(\"{{:?}}\", {call});\n")
        })
        + "}\n";
    let arguments = ["--edition", "2024", "-D", "warnings"];
    assert_agree(
        &cases,
        &compiled(&cases, "rustc", &arguments, "rs", &source),
        Language::Rust,
    );
}

#[test]
fn c_functions_have_the_formulas_values_and_give_no_warnings() {
    let cases = all_cases();
    let source = String::from("#include <stdio.h>\n")
        + &pieces(&cases, Language::C).join("\n")
        + "\nint main(void)\n{\n"
        + &prints(&cases, |call| {
            format!("    printf(\"%.17g\\n\", {call});\n")
        })
        + "    return 0;\n}\n";
    let declared: String = (0..cases.len())
        .map(|index| format!("double g{index}(double, double, double);\n"))
        .collect();
    let source = declared + &source;
    let arguments = [
        "-std=c99",
        "-pedantic",
        "-Wall",
        "-Wextra",
        "-Wshadow",
        "-Werror",
        "-lm",
    ];
    assert_agree(
        &cases,
        &compiled(&cases, "cc", &arguments, "c", &source),
        Language::C,
    );
}

#[test]
fn numpy_functions_have_the_formulas_values_on_arrays_and_on_numbers() {
    const EVALUATE: &str = "
import json, sys
import numpy as np
task = json.load(sys.stdin)
answers = []
for index, (piece, points) in enumerate(zip(task['pieces'], task['points'])):
    world = {}
    exec(piece, world)
    function = world[f'g{index}']
    values = function(*np.array(points).T)
    assert values.shape == (len(points),), piece
    # On some processors numpy's powers of arrays differ from those of numbers in the last digit.
    assert np.allclose(values[0], function(*points[0]), rtol=1e-14, atol=0), piece
    answers.append(values.tolist())
json.dump(answers, sys.stdout)
";
    let cases = all_cases();
    let found = asked_of_python(&cases, &pieces(&cases, Language::Numpy), EVALUATE);
    assert_agree(&cases, &found, Language::Numpy);
}

#[test]
fn javascript_functions_have_the_formulas_values() {
    let cases = all_cases();
    let source = pieces(&cases, Language::JavaScript).join("\n")
        + &prints(&cases, |call| format!("console.log({call});\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pieces.js");
    std::fs::write(&file, "\"use strict\";\n".to_string() + &source).unwrap();
    let mut node = Command::new("node");
    node.arg(&file);
    if let Some(printed) = run_if_there(&mut node) {
        assert_agree(&cases, &numbers(&cases, &printed), Language::JavaScript);
    }
}

#[test]
fn r_functions_have_the_formulas_values() {
    let cases = all_cases();
    let source = pieces(&cases, Language::R).join("\n")
        + &prints(&cases, |call| {
            format!("cat(sprintf(\"%.17g\\n\", {call}))\n")
        });
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pieces.R");
    std::fs::write(&file, source).unwrap();
    let mut r = Command::new("Rscript");
    r.arg(&file);
    if let Some(printed) = run_if_there(&mut r) {
        assert_agree(&cases, &numbers(&cases, &printed), Language::R);
    }
}

#[test]
fn matlab_functions_have_the_formulas_values_in_octave() {
    let cases = all_cases();
    let source = String::from("1;\n")
        + &pieces(&cases, Language::Matlab).join("\n")
        + &prints(&cases, |call| format!("printf(\"%.17g\\n\", {call});\n"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("pieces.m");
    std::fs::write(&file, source).unwrap();
    let mut octave = Command::new("octave-cli");
    octave.arg("--norc").arg(&file);
    if let Some(printed) = run_if_there(&mut octave) {
        assert_agree(&cases, &numbers(&cases, &printed), Language::Matlab);
    }
}

#[test]
fn sql_queries_have_the_formulas_values_also_for_whole_columns() {
    const EVALUATE: &str = "
import json, sqlite3, sys
task = json.load(sys.stdin)
base = sqlite3.connect(':memory:')
def asked(piece, points, kind):
    base.execute('DROP TABLE IF EXISTS your_table')
    base.execute(f'CREATE TABLE your_table (\"größe 1\" {kind}, lambda {kind}, np {kind})')
    base.executemany('INSERT INTO your_table VALUES (?, ?, ?)', points)
    return [row[0] for row in base.execute(piece)]
# 1/2 of whole numbers is 0 in a database.
[half] = asked(task['pieces'][-1], [[1, 2, 1]], 'INTEGER')
assert half == 0.5, half
answers = [asked(*case, 'DOUBLE PRECISION') for case in zip(task['pieces'], task['points'])]
json.dump(answers, sys.stdout)
";
    let mut cases = all_cases();
    cases.push(Case {
        formula: "x1/x2".parse().unwrap(),
        points: vec![vec![0.3, 0.7, 1.0]],
    });
    let found = asked_of_python(&cases, &pieces(&cases, Language::Sql), EVALUATE);
    assert_agree(&cases, &found, Language::Sql);
}

#[test]
fn spreadsheet_cells_have_the_formulas_values_by_excels_own_precedence() {
    const EVALUATE: &str = "
import json, sys
import formulas
parser = formulas.Parser()
# A spreadsheet reads a sign before a power.
assert parser.ast('=-A2^2')[1].compile()(3.0) == 9
task = json.load(sys.stdin)
answers = []
for piece, points in zip(task['pieces'], task['points']):
    cell = parser.ast(piece.strip())[1].compile()
    found = []
    for point in points:
        cells = dict(zip(['A2', 'B2', 'C2'], point))
        found.append(float(cell(*(cells[name] for name in cell.inputs))))
    answers.append(found)
json.dump(answers, sys.stdout)
";
    let cases = all_cases();
    let found = asked_of_python(&cases, &pieces(&cases, Language::Spreadsheet), EVALUATE);
    assert_agree(&cases, &found, Language::Spreadsheet);
}

#[test]
fn json_trees_have_the_formulas_values_for_twenty_lines_of_python_and_are_read_back_exactly() {
    const EVALUATE: &str = "
import json, math, sys
operators = {
    '+': lambda a, b: a + b, '-': lambda a, b: a - b, '*': lambda a, b: a * b,
    '/': lambda a, b: a / b, 'neg': lambda a: -a, 'square': lambda a: a * a,
    'cube': lambda a: a**3, 'inv': lambda a: 1 / a, 'log': math.log, 'abs': abs, 'max': max,
    'powi': lambda a, b: a**math.trunc(b + math.copysign(0.5, b)), 'min': min,
    'sigmoid': lambda a: 1 / (1 + math.exp(-a)), 'pow': lambda a, b: a**b,
}
for name in 'sqrt sin cos tan tanh exp atan asin acos sinh cosh'.split():
    operators[name] = getattr(math, name)
def value(tree, point):
    if isinstance(tree, list):
        return operators[tree[0]](*(value(part, point) for part in tree[1:]))
    return point[tree] if isinstance(tree, str) else tree
task = json.load(sys.stdin)
answers = []
for piece, points in zip(task['pieces'], task['points']):
    piece = json.loads(piece)
    named = [dict(zip(piece['features'], point)) for point in points]
    answers.append([value(piece['tree'], point) for point in named])
json.dump(answers, sys.stdout)
";
    let cases = all_cases();
    let pieces = pieces(&cases, Language::Json);
    assert_agree(
        &cases,
        &asked_of_python(&cases, &pieces, EVALUATE),
        Language::Json,
    );
    for (case, piece) in cases.iter().zip(&pieces) {
        let again = Export::from_json(piece).unwrap();
        assert_eq!(again.expression(), &case.formula);
        assert_eq!(again.feature_names(), NAMES);
        assert_eq!(&again.to_source(Language::Json).unwrap(), piece);
    }
}

/// Whether no exponent has variables, whose rounding sympy and LaTeX don't write.
fn is_for_reading(case: &Case) -> bool {
    fn holds(expression: &Expression) -> bool {
        match expression {
            Expression::Apply(Operator::Powi, arguments) => {
                matches!(arguments[1], Expression::Constant(_)) && holds(&arguments[0])
            }
            Expression::Apply(_, arguments) => arguments.iter().all(holds),
            _ => true,
        }
    }
    holds(&case.formula)
}

/// Collecting terms rounds in other places: a bound for the whole, not for every step.
fn assert_close(cases: &[Case], found: &[Vec<f64>], language: Language) {
    for (case, values) in cases.iter().zip(found) {
        for (point, value) in case.points.iter().zip(values) {
            let expected = case.formula.value(point);
            assert!(
                (value - expected).abs() < 1e-9 * (1.0 + expected.abs()),
                "{} at {point:?} is {expected}, but {language} finds {value}",
                case.formula
            );
        }
    }
}

#[test]
fn sympy_expressions_have_the_formulas_values() {
    const EVALUATE: &str = "
import json, sys
import sympy
task = json.load(sys.stdin)
answers = []
for index, (piece, points) in enumerate(zip(task['pieces'], task['points'])):
    world = {}
    exec(piece, world)
    expression, symbols = world[f'g{index}'], list(world['symbols'].values())
    assert expression.free_symbols <= set(symbols), piece
    function = sympy.lambdify(symbols, expression, 'mpmath')
    answers.append([float(function(*point)) for point in points])
json.dump(answers, sys.stdout)
";
    let cases: Vec<Case> = all_cases()
        .into_iter()
        .filter(is_for_reading)
        .step_by(5)
        .collect();
    let found = asked_of_python(&cases, &pieces(&cases, Language::Sympy), EVALUATE);
    assert_close(&cases, &found, Language::Sympy);
}

#[test]
fn latex_has_the_formulas_values_as_sympy_reads_it() {
    // sympy's reader knows no \left| and none of these functions by its own names.
    const EVALUATE: &str = r"
import json, sys
import sympy
from sympy.parsing.latex import parse_latex
task = json.load(sys.stdin)
symbols = [sympy.Symbol(f'x_{{{number}}}') for number in (1, 2, 3)]
functions = {'max': sympy.Max, 'min': sympy.Min, 'sigma': lambda a: 1 / (1 + sympy.exp(-a))}
answers = []
for piece, points in zip(task['pieces'], task['points']):
    tree = parse_latex(piece.replace(r'\left|', '|').replace(r'\right|', '|'))
    for name, function in functions.items():
        tree = tree.replace(sympy.Function(name), function)
    tree = tree.subs({sympy.Symbol('pi'): sympy.pi, sympy.Symbol('e'): sympy.E})
    function = sympy.lambdify(symbols, tree, 'mpmath')
    values = [complex(function(*point)) for point in points]
    assert all(value.imag == 0 for value in values), f'{piece} is read as {tree}'
    answers.append([value.real for value in values])
json.dump(answers, sys.stdout)
";
    let is_read = |case: &Case| {
        let latex = case.formula.to_latex(&[]);
        // One bar alone: bars inside of bars have no beginning and no end.
        latex.matches("\\left|").count() < 2
    };
    let cases = all_cases().into_iter().filter(is_for_reading).step_by(8);
    let cases: Vec<Case> = cases.filter(is_read).collect();
    assert!(cases.len() > 50, "{} formulas", cases.len());
    let found = asked_of_python(&cases, &pieces(&cases, Language::Latex), EVALUATE);
    assert_close(&cases, &found, Language::Latex);
}

fn export(formula: &str, names: &[&str]) -> Export {
    let names: Vec<String> = names.iter().map(|name| name.to_string()).collect();
    Export::new(&Expression::parse(formula, &[]).unwrap(), &names).unwrap()
}

/// A rule with three points on which it is decided: above, on and below the threshold.
const RULE: &str = "x1**2 + 2*x2";
const POINTS: [[f64; 3]; 3] = [[2.0, 0.5, 9.0], [1.0, -0.75, 9.0], [0.0, -3.0, 9.0]];
const DECISIONS: &str = "1 0 0";

#[test]
fn the_rule_of_a_classifier_goes_along() {
    let rule = export(RULE, &["a", "b", "c"])
        .with_threshold(Some(-0.5))
        .unwrap();
    let source = |language| rule.to_source(language).unwrap();
    let calls = |print: &dyn Fn(&str) -> String| -> String {
        let calls = POINTS.map(|[a, b, c]| format!("g_is_class_1({a:?}, {b:?}, {c:?})"));
        calls.iter().map(|call| print(call)).collect()
    };
    let run_compiled = |compiler: &str, ending: &str, text: String| {
        let folder = tempfile::tempdir().unwrap();
        let (file, program) = (
            folder.path().join(format!("rule.{ending}")),
            folder.path().join("rule"),
        );
        std::fs::write(&file, text).unwrap();
        run(Command::new(compiler)
            .arg(&file)
            .arg("-o")
            .arg(&program)
            .arg("-lm"));
        run(&mut Command::new(&program))
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    let main = calls(&|call| format!("printf(\"%d \", {call});\n"));
    let c = format!(
        "{}\n#include <stdio.h>\nint main(void) {{\n{main} return 0; }}\n",
        source(Language::C)
    );
    assert_eq!(run_compiled("cc", "c", c), DECISIONS);
    let main = calls(&|call| format!("print!(\"{{}} \", u8::from({call}));\n"));
    let rust = format!("{}\nfn main() {{\n{main}}}\n", source(Language::Rust));
    assert_eq!(run_compiled("rustc", "rs", rust), DECISIONS);
    let main = calls(&|call| format!("print(int({call}), end=' ')\n"));
    let numpy = format!("{}\n{main}", source(Language::Numpy));
    assert_eq!(support::python(&numpy, "").trim_end(), DECISIONS);
    let cells = source(Language::Spreadsheet);
    assert_eq!(cells, "=A2^2+2*B2\t=D2>-0.5\n");
    assert!(source(Language::Latex).ends_with(" > -0.5\n"));
    let sympy = source(Language::Sympy)
        + "print(g_is_class_1.subs(dict(zip(symbols.values(), (2, 0, 9)))))";
    assert_eq!(support::python(&sympy, "").trim_end(), "True");
    assert_eq!(Export::from_json(&source(Language::Json)).unwrap(), rule);
}

#[test]
fn outside_of_their_domains_the_pieces_are_what_the_library_is() {
    let formulas = [
        "log(x1)",
        "sqrt(x1)",
        "1/x1",
        "powi(x1, -1)",
        "max(x1, x2)",
        "min(x2, x1)",
        "exp(x1)",
        "sigmoid(x1)",
        "powi(x1, 0)",
        "atan(x1)",
        "abs(x1)",
        "x1**0.75",
        "x1**-0.5",
        "asin(x1)",
        "acos(x1)",
        "sinh(x1)",
        "cosh(x1)",
    ];
    let points = [-1.0, 0.0, f64::NAN, f64::INFINITY, 1e9, -1e9];
    let text = |value: f64| {
        if value.is_nan() {
            "nan".to_string()
        } else {
            value.to_string()
        }
    };
    let mut expected = Vec::new();
    let mut numpy = String::from("from math import inf, nan\n");
    let mut rust = String::new();
    let mut c = String::from("#include <stdio.h>\n");
    let [mut rust_main, mut c_main] = [const { String::new() }; 2];
    for (index, formula) in formulas.iter().enumerate() {
        let export = export(formula, &["a", "b"])
            .with_name(&format!("g{index}"))
            .unwrap();
        numpy += &export.to_source(Language::Numpy).unwrap();
        rust += &export.to_source(Language::Rust).unwrap();
        c += &export.to_source(Language::C).unwrap();
        for x in points {
            // An infinite argument of max and min is what the library itself gives up on.
            if x.is_infinite() && formula.starts_with('m') {
                continue;
            }
            expected.push(text(export.expression().value(&[x, 1.0])));
            numpy += &format!("print(g{index}({}, 1.0))\n", text(x));
            let x = text(x).to_uppercase();
            rust_main += &format!("println!(\"{{}}\", g{index}({}, 1.0));", in_rust(&x));
            c_main += &format!(
                "printf(\"%.17g\\n\", g{index}({}, 1.0));\n",
                x.replace("INF", "INFINITY")
            );
        }
    }
    let folder = tempfile::tempdir().unwrap();
    let build = |compiler: &str, name: &str, source: String| {
        let (file, program) = (folder.path().join(name), folder.path().join("program"));
        std::fs::write(&file, source).unwrap();
        run(Command::new(compiler)
            .arg(&file)
            .arg("-o")
            .arg(&program)
            .arg("-lm"));
        run(&mut Command::new(&program))
    };
    let rust = build(
        "rustc",
        "edge.rs",
        format!("{rust}\nfn main() {{ {rust_main} }}\n"),
    );
    let c = build(
        "cc",
        "edge.c",
        format!("{c}\nint main(void) {{\n{c_main} return 0; }}\n"),
    );
    let numpy = support::python(&numpy, "");
    for (world, printed) in [("rust", rust), ("c", c), ("numpy", numpy)] {
        let found: Vec<f64> = printed.lines().map(|line| line.parse().unwrap()).collect();
        let expected: Vec<f64> = expected
            .iter()
            .map(|value| value.parse().unwrap())
            .collect();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(&expected) {
            let is_same = (found.is_nan() && expected.is_nan()) || found == expected;
            let is_near = (found - expected).abs() < 1e-15 * expected.abs();
            assert!(
                is_same || is_near,
                "{world} finds {found}, but expected {expected}"
            );
        }
    }
}

fn in_rust(number: &str) -> String {
    match number {
        "NAN" => "f64::NAN".into(),
        "INF" => "f64::INFINITY".into(),
        _ => format!("{number}_f64"),
    }
}

#[test]
fn pieces_are_as_a_person_would_write_them() {
    let rule = export("x1**2 + 2*sin(x2)", &["x 1", "int"])
        .with_threshold(Some(1.0))
        .unwrap();
    let source = |language| rule.to_source(language).unwrap();
    assert_eq!(
        source(Language::Rust),
        "// x_1 is \"x 1\"\n// int_ is \"int\"\n\
         pub fn g(x_1: f64, int_: f64) -> f64 {\n    x_1.powi(2) + 2.0 * int_.sin()\n}\n\n\
         pub fn g_is_class_1(x_1: f64, int_: f64) -> bool {\n    g(x_1, int_) > 1.0\n}\n"
    );
    assert_eq!(
        source(Language::C),
        "#include <math.h>\n\n// x_1 is \"x 1\"\n// int_ is \"int\"\n\
         double g(double x_1, double int_)\n{\n    return pow(x_1, 2.0) + 2.0 * sin(int_);\n}\n\n\
         int g_is_class_1(double x_1, double int_)\n{\n    return g(x_1, int_) > 1.0;\n}\n"
    );
    assert_eq!(
        source(Language::Numpy),
        "import numpy as np\n\n\n# x_1 is \"x 1\"\n# int_ is \"int\"\ndef g(x_1, int_):\n    \
         x_1 = np.asarray(x_1, dtype=float)\n    int_ = np.asarray(int_, dtype=float)\n    \
         with np.errstate(all=\"ignore\"):\n        return x_1**2 + 2 * np.sin(int_)\n\n\n\
         def g_is_class_1(x_1, int_):\n    return g(x_1, int_) > 1\n"
    );
    assert_eq!(source(Language::Spreadsheet), "=A2^2+2*SIN(B2)\t=C2>1\n");
    assert_eq!(
        source(Language::Json),
        "{\"name\":\"g\",\"formula\":\"x 1**2 + 2*sin(int)\",\"features\":[\"x 1\",\"int\"],\
         \"tree\":[\"+\",[\"*\",\"x 1\",\"x 1\"],[\"*\",2.0,[\"sin\",\"int\"]]],\"threshold\":1.0}\n"
    );
}

#[test]
fn renamed_features_never_share_a_name() {
    let names = [
        "a b",
        "a-b",
        "a_b",
        "g",
        "1",
        "",
        "_",
        "x1",
        "g_is_class_1",
        "é",
    ];
    let formula = names
        .iter()
        .enumerate()
        .map(|(index, _)| format!("x{}", index + 1));
    let sum = export(&formula.collect::<Vec<_>>().join(" + "), &names);
    let python = sum.to_source(Language::Numpy).unwrap();
    let parameters = python.split(['(', ')']).nth(1);
    let parameters = parameters.filter(|text| !text.is_empty()).unwrap();
    assert!(
        python.contains("def g(a_b, a_b_2, a_b_3, g_2, x1, x, x_, x1_2, g_is_class_1_2, x__2):"),
        "{parameters}: {python}"
    );
    // The names stand in a comment of one line, whatever is in them.
    let evil = export("x1", &["a\nimport os"])
        .to_source(Language::Numpy)
        .unwrap();
    assert!(
        evil.contains("# a_import_os is \"a\\nimport os\"\n"),
        "{evil}"
    );
}

#[test]
fn a_spreadsheets_columns_are_counted_as_spreadsheets_do() {
    let names = names(800);
    let formula = "x26 + x27 + x52 + x53 + x702 + x703".parse().unwrap();
    let export = Export::new(&formula, &names)
        .unwrap()
        .with_threshold(Some(0.0))
        .unwrap();
    let cells = export.to_source(Language::Spreadsheet).unwrap();
    assert_eq!(cells, "=Z2+AA2+AZ2+(BA2+ZZ2+AAA2)\t=ADU2>0\n");
}

#[test]
fn what_no_language_can_hold_is_refused() {
    let [soft, _] = support::custom_operators();
    let x = Expression::variable(0);
    let own = Expression::apply(soft, vec![x.clone()]).unwrap();
    assert_refused(Export::new(&own, &[]), &["softplus", "your own", "sigmoid"]);
    let infinite = x.clone() + Expression::parse("1/0", &[]).unwrap();
    assert_refused(Export::new(&infinite, &[]), &["1/0", "inf", "finite"]);
    assert_refused(
        Export::new(&Expression::constant(f64::NAN), &[]),
        &["NaN", "finite"],
    );
    assert_refused(
        Export::new(&Expression::variable(2), &names(2)),
        &["x3", "2 features"],
    );
    assert_refused(
        Export::new(&x, &[names(1), names(1)].concat()),
        &["\"x1\"", "twice"],
    );
    let plain = || Export::new(&x, &[]).unwrap();
    for name in ["", "2g", "a b", "lambda", "y0", "é", "main"] {
        assert_refused(
            plain().with_name(name),
            &["the function's name", &format!("{name:?}")],
        );
    }
    assert_refused(
        plain().with_threshold(Some(f64::NAN)),
        &["threshold", "NaN", "finite"],
    );
    let deep = (0..130).fold(x.clone(), |part, _| {
        Expression::apply(Operator::Sin, vec![part]).unwrap()
    });
    let deep = Export::new(&deep, &[]).unwrap();
    assert_refused(deep.to_source(Language::Json), &["130 levels", "120"]);
    assert_refused(deep.to_source(Language::Spreadsheet), &["130 levels", "64"]);
    assert_refused(
        Language::parse("Rust"),
        &["language", "\"Rust\"", "rust, numpy"],
    );
}

#[test]
fn the_deepest_tree_that_is_written_is_read_back() {
    let deep = (0..120).fold(Expression::variable(0), |part, _| {
        Expression::apply(Operator::Sin, vec![part]).unwrap()
    });
    let export = Export::new(&deep, &[]).unwrap();
    let json = export.to_source(Language::Json).unwrap();
    assert_eq!(Export::from_json(&json).unwrap(), export);
}

#[test]
fn json_that_is_no_formula_is_refused_with_its_place() {
    let refused = |json: &str, words: &[&str]| assert_refused(Export::from_json(json), words);
    refused("", &["no formula to be taken away", "--json"]);
    refused("{\"formula\": \"x1\"}", &["features", "--json"]);
    let with_tree = |tree: &str| format!("{{\"features\": [\"a\"], \"tree\": {tree}}}");
    for (tree, words) in [
        ("\"b\"", ["\"b\"", "[\"a\"]"]),
        ("[\"besselj\", \"a\"]", ["\"besselj\"", "sigmoid"]),
        ("[\"+\", \"a\"]", ["\"+\" has 1 arguments", "2"]),
        ("[]", ["null", "operators"]),
        ("null", ["null", "a feature"]),
        ("{\"a\": 1}", ["{\"a\":1}", "a feature"]),
        ("[\"/\", 1, 0]", ["1/0", "finite"]),
    ] {
        refused(&with_tree(tree), &words);
    }
    assert_refused(
        Export::from_file(Path::new("nowhere.json")),
        &["nowhere.json"],
    );
}

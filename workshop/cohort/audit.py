"""Audit of the synthetic cohort: every printed number beside the one the rows give.

Two libraries that share no code with the builder refit the ten models: statsmodels
(Gaussian GLM) for Table 3 and lifelines (Weibull AFT) for Table 4. R's `glm` and
`survreg` are a third witness when R is installed (see `r_estimates`).

What no audit can show: that these are the rows behind the paper. Many cohorts give
the same tables. Nothing may be concluded about any woman from them, and the women
outside the campaign, their countries and every date are invented.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
import statsmodels.api as sm
from lifelines import (
    CoxPHFitter,
    LogLogisticAFTFitter,
    LogNormalAFTFitter,
    WeibullAFTFitter,
)
from lifelines.statistics import logrank_test
from numpy.typing import NDArray
from scipy import stats

from helpers.calendar import END_OF_FOLLOW_UP, LAUNCH, months
from helpers.stats.cox import fit_cox, proportional_hazards_test
from helpers.study.models import design, model_months, model_sample
from helpers.study.published import PrintedModel, printed_models
from helpers.study.vocabulary import CONCERNS, STATUSES, TERMS
from helpers.teaching.cohorts.dates import FIRST_ARREST
from helpers.teaching.cohorts.variant import MONTHS_HELD_MIN
from workshop.cohort.targets import (
    CAMPAIGN_BY_REGION,
    CAMPAIGN_COUNTRIES,
    COLUMNS,
    COUNTRY_REGION,
    LAST_ARREST,
    RELEASED_BY_REGION,
    WOMEN_BY_REGION,
)

CANNOT_SUPPORT: Final = (
    "Many different cohorts give the same tables; this is one of them.",
    "Nothing about any woman can be inferred from a row: no row describes a real person.",
    "Countries of women outside the campaign are invented within their printed region.",
    "Every date is invented; only models fitted to all dates together mean anything.",
    "Quantities the paper does not print (interactions, calendar trends, which family of curves "
    "fits best) are free here and should not be quoted as findings; the Weibull scale is bounded.",
)
"""What the synthetic cohort cannot support, for the reader of the audit table."""

LONG_LIST_COLUMNS: Final = (
    "id",
    "list",
    "arrested",
    "left_prison",
    "status",
    "released_within_3y",
)


class CohortAuditError(ValueError):
    """A cohort file broke a rule; the message names the row or the number."""


@dataclass(frozen=True)
class Check:
    """One structural check: its name, whether it holds, and a sentence if it does not."""

    name: str
    passed: bool
    message: str


@dataclass(frozen=True)
class Fit:
    """A refitted column; arrays follow `TERMS[model]`, shape (terms,)."""

    estimate: NDArray[np.float64]
    std_error: NDArray[np.float64]
    p_value: NDArray[np.float64]
    log_likelihood: float
    aic: float | None
    n_observations: int


# --- the ten models, refitted by other libraries than the suite's own --------------------


def fit_table3(cohort: pd.DataFrame, model: int) -> Fit:
    """Gaussian GLM of release by statsmodels.

    The log-likelihood follows the rule of R's stargazer for a `glm`: rank - AIC / 2,
    where AIC = -2 logL + 2 (rank + 1) also counts the variance, so the printed number is
    the log-likelihood minus one.
    """
    sample = model_sample(cohort, model)
    exog = design(sample, model)
    outcome = sample["released"].astype(float)
    fit = sm.GLM(outcome, exog, family=sm.families.Gaussian()).fit()
    rank = exog.shape[1]
    aic = -2.0 * float(sm.OLS(outcome, exog).fit().llf) + 2.0 * (rank + 1)
    spread = np.asarray(fit.bse, dtype=float)
    ratio = np.asarray(fit.params, dtype=float) / spread
    return Fit(
        np.asarray(fit.params, dtype=float),
        spread,
        2.0 * stats.t.sf(np.abs(ratio), len(sample) - rank),
        rank - aic / 2.0,
        aic,
        len(sample),
    )


def fit_table4(cohort: pd.DataFrame, model: int) -> Fit:
    """Weibull accelerated failure time model of months to release by lifelines."""
    sample = model_sample(cohort, model)
    frame = design(sample, model)
    frame["months"] = model_months(sample, model)
    frame["released"] = sample["released"].astype(float)
    fitter = WeibullAFTFitter(fit_intercept=False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the hand-made constant column
        fitter.fit(frame, "months", "released", fit_options={"ftol": 1e-14})
    summary = fitter.summary.loc["lambda_"].loc[list(TERMS[model])]
    return Fit(
        summary["coef"].to_numpy(dtype=float),
        summary["se(coef)"].to_numpy(dtype=float),
        summary["p"].to_numpy(dtype=float),
        float(fitter.log_likelihood_),
        None,
        len(sample),
    )


def stars(p_value: float) -> str:
    """Stars as the paper prints them: *** p<.01, ** p<.05, * p<.1."""
    return "***" if p_value < 0.01 else "**" if p_value < 0.05 else "*" if p_value < 0.1 else ""


# --- the table of 161 numbers -------------------------------------------------------


def _entries(
    printed: PrintedModel, fit: Fit
) -> list[tuple[str, int, str, float, float, int, bool]]:
    key = (printed.table, printed.model)
    rows: list[tuple[str, int, str, float, float, int, bool]] = []
    for position, term in enumerate(TERMS[printed.model]):
        agree = stars(float(fit.p_value[position])) == printed.stars[position]
        rows.append(
            (*key, term, printed.estimate[position], float(fit.estimate[position]), 3, agree)
        )
    for position, term in enumerate(TERMS[printed.model]):
        name = f"s.e. {term}"
        rows.append(
            (*key, name, printed.std_error[position], float(fit.std_error[position]), 3, True)
        )
    rows.append((*key, "log-likelihood", printed.log_likelihood, fit.log_likelihood, 3, True))
    if printed.aic is not None and fit.aic is not None:
        rows.append((*key, "AIC", printed.aic, fit.aic, 3, True))
    rows.append((*key, "N", float(printed.n_observations), float(fit.n_observations), 0, True))
    return rows


def audit_table(
    cohort: pd.DataFrame, printed: dict[tuple[str, int], PrintedModel] | None = None
) -> pd.DataFrame:
    """Return the 161 printed numbers of Tables 3 and 4 beside those of the rows.

    Parameters
    ----------
    cohort : DataFrame
        The cohort, columns as in `targets.COLUMNS`.
    printed : dict, optional
        Printed columns; read from the data folder when left out.

    Returns
    -------
    DataFrame
        161 rows: table, model, quantity, target, obtained, difference (obtained minus
        target), decimals, exact (within half a unit of the last printed digit + 1e-9),
        within_one_unit (obtained, rounded as printed, is at most one unit of the last
        digit away), stars_agree.
    """
    printed = printed_models() if printed is None else printed
    rows: list[tuple[str, int, str, float, float, int, bool]] = []
    for model in TERMS:
        rows += _entries(printed["table3", model], fit_table3(cohort, model))
    for model in TERMS:
        rows += _entries(printed["table4", model], fit_table4(cohort, model))
    names = ["table", "model", "quantity", "target", "obtained", "decimals", "stars_agree"]
    out = pd.DataFrame(rows, columns=names)
    unit = 10.0 ** -out["decimals"].to_numpy(dtype=float)
    out["difference"] = out["obtained"] - out["target"]
    distance = out["difference"].abs().to_numpy()
    out["exact"] = distance <= unit / 2 + 1e-9
    out["within_one_unit"] = distance <= 1.5 * unit + 1e-9
    order = [*names[:5], "difference", "decimals", "exact", "within_one_unit", "stars_agree"]
    return out[order]


def audit_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Counts by printed column: numbers, exact, within one unit, largest difference."""
    grouped = table.groupby(["table", "model"], as_index=False)
    return grouped.agg(
        numbers=("target", "size"),
        exact=("exact", "sum"),
        within_one_unit=("within_one_unit", "sum"),
        largest_difference=("difference", lambda column: float(column.abs().max())),
        stars_agree=("stars_agree", "all"),
    )


# --- rules of the rows ---------------------------------------------------------------


def _row_check(cohort: pd.DataFrame, name: str, bad: pd.Series, complaint: str) -> Check:
    """A check that every row passes, naming the first row that does not."""
    wrong = cohort.loc[bad.fillna(True).astype(bool), "id"]
    if wrong.empty:
        return Check(name, True, "")
    more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
    return Check(name, False, f"Row id {wrong.iloc[0]}{more}: {complaint}")


def _count_check(name: str, got: object, expected: object) -> Check:
    if got == expected:
        return Check(name, True, "")
    return Check(name, False, f"{name}: the rows give {got}, the tables need {expected}.")


def _date_checks(cohort: pd.DataFrame) -> list[Check]:
    arrested, left = cohort["arrested"], cohort["left_prison"]
    inside = cohort["in_prison_2015"] == 1
    custody = cohort["status"] == STATUSES[2]
    launch = pd.Timestamp(LAUNCH)
    held = months(arrested, left)
    return [
        _row_check(
            cohort,
            "arrested 2000-01 to 2015-08",
            ~arrested.between(pd.Timestamp(FIRST_ARREST), pd.Timestamp(LAST_ARREST)),
            f"arrested lies outside {FIRST_ARREST} to {LAST_ARREST}.",
        ),
        _row_check(
            cohort,
            "two months held at least",
            ~(held >= MONTHS_HELD_MIN),
            f"left_prison is less than {MONTHS_HELD_MIN} months after arrested.",
        ),
        _row_check(
            cohort,
            "in prison in 2015 = in at launch",
            ~(inside == (left >= launch)),
            f"in_prison_2015 and left_prison disagree about who was in prison on {LAUNCH}.",
        ),
        _row_check(
            cohort,
            "nothing after the end of follow-up",
            ~(left <= pd.Timestamp(END_OF_FOLLOW_UP)),
            f"left_prison is later than {END_OF_FOLLOW_UP}, the end of follow-up.",
        ),
        _row_check(
            cohort,
            "in custody only if in prison in 2015",
            custody & ~inside,
            "a woman who left prison before the launch cannot be in custody.",
        ),
    ]


def structural_checks(cohort: pd.DataFrame) -> list[Check]:
    """Check the rules of the rows and the exact counts; each failure names its row.

    Parameters
    ----------
    cohort : DataFrame
        As returned by `read_cohort`.
    """
    coded = cohort[list(CONCERNS)].notna()
    flags = cohort[list(CONCERNS)]
    campaign = cohort[cohort["freethe20"] == 1]
    short = cohort["country"].map(COUNTRY_REGION)
    checks = [
        _row_check(cohort, "id unique", cohort["id"].duplicated(), "the id is used twice."),
        _row_check(
            cohort,
            "country lies in its region",
            short != cohort["region"],
            "country and region do not belong together.",
        ),
        _row_check(
            cohort,
            "status known",
            ~cohort["status"].isin(STATUSES),
            f"status must be one of: {', '.join(STATUSES)}.",
        ),
        _row_check(
            cohort,
            "released = status released",
            (cohort["released"] == 1) != (cohort["status"] == STATUSES[0]),
            "released and status disagree.",
        ),
        _row_check(
            cohort,
            "flags are 0 or 1",
            ~(
                cohort[["freethe20", "released", "in_prison_2015"]].isin([0, 1]).all(axis=1)
                & (flags.isin([0, 1]) | flags.isna()).all(axis=1)
            ),
            "a 0/1 column holds another value.",
        ),
        _row_check(
            cohort,
            "concerns all coded or all empty",
            coded.any(axis=1) != coded.all(axis=1),
            "some of the five concerns are empty and some are not.",
        ),
        _row_check(
            cohort,
            "campaign women were in prison in 2015",
            (cohort["freethe20"] == 1) & (cohort["in_prison_2015"] != 1),
            "a campaign woman must be in prison at the launch.",
        ),
        *_date_checks(cohort),
        _count_check("women", len(cohort), 252),
        _count_check("women with concern codes", int(coded.all(axis=1).sum()), 246),
        _count_check("women of model 5", len(model_sample(cohort, 5)), 156),
        _count_check("campaign women", len(campaign), 19),
        _count_check("campaign women released", int(campaign["released"].sum()), 17),
        _count_check("women by region", _counts(cohort["region"]), WOMEN_BY_REGION),
        _count_check("campaign by region", _counts(campaign["region"]), CAMPAIGN_BY_REGION),
        _count_check(
            "released by region",
            _counts(cohort.loc[cohort["released"] == 1, "region"]),
            RELEASED_BY_REGION,
        ),
        _count_check("campaign by country", _counts(campaign["country"]), CAMPAIGN_COUNTRIES),
    ]
    return checks


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(key): int(value) for key, value in column.value_counts().items()}


def long_list_checks(long_list: pd.DataFrame, cohort: pd.DataFrame) -> list[Check]:
    """Check the long list: 19 + 21 women, 17 + 11 released, log-rank p < .01.

    The nineteen of the short list are the cohort's campaign rows and must carry the
    same id and dates.
    """
    short = long_list[long_list["list"] == "short"]
    rest = long_list[long_list["list"] == "long only"]
    merged = short.merge(cohort[cohort["freethe20"] == 1], on="id", suffixes=("", "_cohort"))
    same = (merged["arrested"] == merged["arrested_cohort"]) & (
        merged["left_prison"] == merged["left_prison_cohort"]
    )
    three_years = pd.Timestamp(LAUNCH) + pd.DateOffset(years=3)
    within = (long_list["status"] == STATUSES[0]) & (long_list["left_prison"] <= three_years)
    p_value = long_list_p_value(long_list)
    return [
        _row_check(
            long_list,
            "list known",
            ~long_list["list"].isin(["short", "long only"]),
            "list must be 'short' or 'long only'.",
        ),
        _row_check(
            long_list,
            "released within three years follows from the dates",
            (long_list["released_within_3y"] == 1) != within,
            "released_within_3y does not follow from status and left_prison.",
        ),
        _row_check(
            long_list,
            "long list: in prison at the launch",
            ~(
                (long_list["left_prison"] >= pd.Timestamp(LAUNCH))
                & (long_list["arrested"] < pd.Timestamp(LAUNCH))
            ),
            "a woman of the long list must be in prison at the launch.",
        ),
        _count_check("long list: short", len(short), 19),
        _count_check("long list: long only", len(rest), 21),
        _count_check("short list released", int(short["released_within_3y"].sum()), 17),
        _count_check("long only released", int(rest["released_within_3y"].sum()), 11),
        _count_check("short list rows that match the cohort", int(same.sum()), 19),
        Check(
            "long list: log-rank p < .01",
            p_value < 0.01,
            "" if p_value < 0.01 else f"The log-rank test gives p = {p_value:.4f}, not < .01.",
        ),
    ]


def long_list_p_value(long_list: pd.DataFrame) -> float:
    """Two-sided log-rank p-value, months since launch, followed for three years."""
    duration = months(LAUNCH, long_list["left_prison"])
    event = long_list["released_within_3y"]
    short = long_list["list"] == "short"
    test = logrank_test(duration[short], duration[~short], event[short], event[~short])
    return float(test.p_value)


# --- claims in words ------------------------------------------------------------------


def _term(fitter: Any, row: str | tuple[str, str]) -> tuple[float, float]:
    return float(fitter.summary["coef"][row]), float(fitter.summary["p"][row])


def qualitative_claims(cohort: pd.DataFrame) -> pd.DataFrame:
    """Refit what the paper says in words about Table 4 and whether the rows agree.

    Returns
    -------
    DataFrame
        claim, estimate, p_value, holds. For Cox a positive log hazard ratio means sooner
        release; for accelerated failure time models a negative coefficient does.
    """
    sample = model_sample(cohort, 4)
    frame = design(sample, 4).drop(columns="constant")
    frame["months"] = model_months(sample, 4)
    frame["released"] = sample["released"].astype(float)
    rows: list[tuple[str, float, float, bool]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        simple = frame[["freethe20", "months", "released"]]
        for label, data in (("campaign alone", simple), ("all covariates", frame)):
            cox = CoxPHFitter().fit(data, "months", "released")
            ours = fit_cox(
                data["months"], data["released"], data.drop(columns=["months", "released"])
            )
            whole = proportional_hazards_test(ours).table.iloc[-1]  # the global test
            statistic, p = float(whole["chi_square"]), float(whole["p_value"])
            rows.append((f"Cox, {label}: proportional hazards rejected", statistic, p, p < 0.05))
            value, p = _term(cox, "freethe20")
            rows.append((f"Cox, {label}: sooner release", value, p, value > 0 and p < 0.05))
            for name, kind in (
                ("log-normal", LogNormalAFTFitter),
                ("log-logistic", LogLogisticAFTFitter),
            ):
                fitter = kind().fit(data, "months", "released")
                row = ("mu_" if name == "log-normal" else "alpha_", "freethe20")
                value, p = _term(fitter, row)
                rows.append((f"{name}, {label}: sooner release", value, p, value < 0 and p < 0.05))
        rows += _fixed_effects(cohort)
        rows += _subsets(cohort)
    return pd.DataFrame(rows, columns=["claim", "estimate", "p_value", "holds"])


def _fixed_effects(cohort: pd.DataFrame) -> list[tuple[str, float, float, bool]]:
    """Campaign coefficient with a constant for each country, both outcomes."""
    rows: list[tuple[str, float, float, bool]] = []
    dummies = pd.get_dummies(cohort["country"], drop_first=True, dtype=float)
    exog = pd.concat([cohort[["freethe20"]].astype(float), dummies], axis=1)
    ols = sm.OLS(cohort["released"].astype(float), sm.add_constant(exog)).fit()
    value, p = float(ols.params["freethe20"]), float(ols.pvalues["freethe20"])
    rows.append(("country fixed effects, release: more likely", value, p, value > 0 and p < 0.05))
    exog["months"] = model_months(cohort, 1)
    exog["released"] = cohort["released"].astype(float)
    fitter = WeibullAFTFitter(penalizer=0.0).fit(exog, "months", "released")
    value, p = _term(fitter, ("lambda_", "freethe20"))
    rows.append(("country fixed effects, Weibull: sooner", value, p, value < 0 and p < 0.05))
    return rows


def _subsets(cohort: pd.DataFrame) -> list[tuple[str, float, float, bool]]:
    """Campaign coefficient of the simple Weibull with one region left out at a time."""
    rows: list[tuple[str, float, float, bool]] = []
    for region in WOMEN_BY_REGION:
        rest = cohort[cohort["region"] != region]
        frame = pd.DataFrame(
            {
                "freethe20": rest["freethe20"].astype(float),
                "months": model_months(rest, 1),
                "released": rest["released"].astype(float),
            }
        )
        fitter = WeibullAFTFitter().fit(frame, "months", "released")
        value, p = _term(fitter, ("lambda_", "freethe20"))
        rows.append((f"without {region}, Weibull: sooner", value, p, value < 0 and p < 0.05))
    return rows


# --- reading and the verdict ----------------------------------------------------------


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        frame = pd.read_csv(path)
    except FileNotFoundError as error:
        raise CohortAuditError(
            f"{path.name} is missing; restore it from the repository."
        ) from error
    except (pd.errors.ParserError, pd.errors.EmptyDataError, UnicodeDecodeError) as error:
        raise CohortAuditError(f"{path.name} cannot be read as a table: {error}.") from error
    if tuple(frame.columns) != columns:
        missing = [name for name in columns if name not in frame.columns]
        detail = f"column {missing[0]!r} is missing" if missing else "the order differs"
        raise CohortAuditError(
            f"{path.name} should have the columns {', '.join(columns)}; {detail}."
        )
    for name in ("arrested", "left_prison"):
        parsed = pd.to_datetime(frame[name], format="%Y-%m-%d", errors="coerce")
        if parsed.isna().any():
            row = frame.loc[parsed.isna()].iloc[0]
            raise CohortAuditError(
                f"{path.name}, row id {row['id']}: {name} is {row[name]!r}, "
                "which is not a date written as YYYY-MM-DD."
            )
        frame[name] = parsed
    return frame


def _numeric(path: Path, frame: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    for name in names:
        parsed = pd.to_numeric(frame[name], errors="coerce")
        broken = parsed.isna() & frame[name].notna()
        if broken.any():
            row = frame.loc[broken].iloc[0]
            raise CohortAuditError(
                f"{path.name}, row id {row['id']}: {name} is {row[name]!r}, not 0 or 1."
            )
        frame[name] = parsed
    return frame


def read_cohort(path: Path) -> pd.DataFrame:
    """Read a cohort file; dates become timestamps, empty concerns NaN.

    Raises
    ------
    CohortAuditError
        Naming the column or row that cannot be read.
    """
    frame = _read(path, COLUMNS)
    return _numeric(path, frame, ("freethe20", "released", "in_prison_2015", *CONCERNS))


def read_long_list(path: Path) -> pd.DataFrame:
    """Read the long list; same rules and errors as `read_cohort`."""
    return _numeric(path, _read(path, LONG_LIST_COLUMNS), ("released_within_3y",))


def verify(
    cohort: pd.DataFrame,
    long_list: pd.DataFrame | None = None,
    promise: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Run the whole audit and return the table of 161 numbers.

    Parameters
    ----------
    cohort, long_list : DataFrame
        As returned by `read_cohort` and `read_long_list`.
    promise : DataFrame, optional
        table, model, largest_difference: how far a printed column may be missed. The
        committed audit summary serves, so that a changed cell cannot pass unseen.

    Raises
    ------
    CohortAuditError
        One sentence naming the first row, or the first printed number, that broke.
    """
    checks = structural_checks(cohort)
    if long_list is not None and all(check.passed for check in checks):
        checks += long_list_checks(long_list, cohort)
    for check in checks:
        if not check.passed:
            raise CohortAuditError(check.message)
    table = audit_table(cohort)
    if promise is not None:
        _keep_promise(table, promise)
    return table


def _keep_promise(table: pd.DataFrame, promise: pd.DataFrame) -> None:
    limits = {
        (str(row["table"]), int(row["model"])): float(row["largest_difference"])
        for row in promise.to_dict("records")
    }
    for row in table.to_dict("records"):
        limit = limits[row["table"], row["model"]]
        if abs(row["difference"]) > limit + 1e-6:
            raise CohortAuditError(
                f"{row['table']}, model {row['model']}, {row['quantity']}: the rows give "
                f"{row['obtained']:.4f}, the paper prints {row['target']} and the audit allows "
                f"a difference of {limit:.4f}; a row of the cohort file has changed."
            )


# --- the third witness ----------------------------------------------------------------

_R_SCRIPT: Final = """
suppressMessages(library(survival))
d <- read.csv(commandArgs(TRUE)[1])
d$africa <- as.integer(d$region == "Africa")
d$asia <- as.integer(d$region == "Asia")
d$middle_east <- as.integer(d$region == "Middle East")
d$t <- as.numeric(as.Date(d$left_prison) - as.Date(d$arrested)) / 30.4375
d$s <- as.numeric(as.Date(d$left_prison) - as.Date("2015-09-01")) / 30.4375
concerns <- c("prisoner_of_conscience", "torture_concerns", "death_penalty_concerns",
              "legal_concerns", "medical_concerns")
regions <- c("africa", "asia", "middle_east")
rhs <- list("freethe20", c("freethe20", concerns), c("freethe20", regions),
            c("freethe20", concerns, regions), c("freethe20", concerns, regions))
out <- NULL
for (m in 1:5) {
  e <- if (m == 5) subset(d, in_prison_2015 == 1 & !is.na(torture_concerns)) else d
  e$clock <- if (m == 5) e$s else e$t
  g <- glm(reformulate(rhs[[m]], "released"), data = e)
  w <- survreg(reformulate(rhs[[m]], "Surv(clock, released)"), data = e, dist = "weibull",
               control = survreg.control(rel.tolerance = 1e-12, maxiter = 100))
  gs <- summary(g)$coefficients
  ws <- summary(w)$table
  ws <- ws[rownames(ws) != "Log(scale)", , drop = FALSE]
  add <- function(table, term, estimate, se) data.frame(table = table, model = m,
    term = sub("(Intercept)", "constant", term, fixed = TRUE), estimate = estimate, std_error = se)
  out <- rbind(out, add("table3", rownames(gs), gs[, 1], gs[, 2]),
    add("table3", "log-likelihood", g$rank - AIC(g) / 2, NA), add("table3", "AIC", AIC(g), NA),
    add("table4", rownames(ws), ws[, 1], ws[, 2]),
    add("table4", "log-likelihood", w$loglik[2], NA))
}
write.csv(out, row.names = FALSE)
"""


def r_estimates(cohort: pd.DataFrame) -> pd.DataFrame | None:
    """Refit all ten models in R (`glm`, `survreg`); None where R or survival is absent.

    Returns
    -------
    DataFrame or None
        table, model, term, estimate, std_error. Log-likelihood and AIC stand as terms.
    """
    program = shutil.which("Rscript")
    if program is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        rows, script = Path(folder) / "cohort.csv", Path(folder) / "fit.R"
        cohort.to_csv(rows, index=False, date_format="%Y-%m-%d")
        script.write_text(_R_SCRIPT)
        done = subprocess.run(
            [program, str(script), str(rows)], capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        return None
    return pd.read_csv(io.StringIO(done.stdout))
